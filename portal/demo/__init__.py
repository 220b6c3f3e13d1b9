"""The demo county and the real-year run: scripted people around the real program."""
