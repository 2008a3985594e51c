"""What was found otherwise than it should be, and the leave to fly with it."""
