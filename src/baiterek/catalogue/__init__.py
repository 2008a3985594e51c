"""What we fly, from where, to where: files in, frozen records out."""
