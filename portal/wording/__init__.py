"""What people read: labels of values, objections, the words of notices."""
