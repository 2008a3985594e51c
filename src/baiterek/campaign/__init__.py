"""The record of the launch as an undertaking: who, the complex, its tests' evidence, and a log that shows every change.

`create` and `open_database` give a `Database`; `database.writing(actor)` changes it, `audit.verify` checks it.
"""
