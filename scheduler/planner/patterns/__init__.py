"""Plans from whole patterns: for each group one way to spread its asks over spans of days."""
