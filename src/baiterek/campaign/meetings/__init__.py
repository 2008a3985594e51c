"""Meetings of a body: called, held, put down in a protocol in two languages, signed by both parts, checked at each reading.

`states` says what may follow what, over the values of `records`; `conduct` prepares and holds a meeting, `protocol` issues its
protocol and says what has changed since, `authority` makes and registers certificates, `seals` makes and reads signatures
(pyhanko, and it alone), `signing` signs and says what is wrong with a signature. Setting the PDF is done above: `issue` is
given a function for it, since the record never imports reports.
"""
