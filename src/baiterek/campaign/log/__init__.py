"""Every change of the record: an event in a hash chain, in the transaction of its rows, under a signed head."""
