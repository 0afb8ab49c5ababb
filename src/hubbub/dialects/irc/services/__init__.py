"""Services in words: nicks that answer commands, thin fronts to what the commands of the dialect and the hub do."""
