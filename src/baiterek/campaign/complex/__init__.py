"""The ground objects: the register, the states of an object and the steps between them."""
