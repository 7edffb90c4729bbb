"""Parts that other helpers stand on and that no notebook imports."""
