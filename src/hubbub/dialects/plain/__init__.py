"""plain://: lines and commands for whoever has nc, telnet or ssh and nothing else."""
