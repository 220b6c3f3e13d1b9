"""The faces: the command line, the report page and, later, the web pages."""
