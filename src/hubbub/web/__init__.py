"""The page for browsers: plain HTML, CSS and modules, served as they are."""
