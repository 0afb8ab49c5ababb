"""Measures hubbub beside other chat servers on one machine, in turn; `python -m bench --help` says how."""
