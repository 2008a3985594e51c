"""The record of the launch as an undertaking: who, the complex, its tests' evidence, and a log that shows every change.

`create` and `open_database` give a `Database`; `database.writing(actor)` changes it, `audit.verify` checks it. Two layers, and
what is in them by family; a new rule goes to the first column, a new verb to the second.

| family | rules: plain functions over values | verbs: who does what, in one transaction each |
|---|---|---|
| every change | `chain`, `signing`, `access`, `reason`, `machine` | `database`, `change`, `audit`, `backup` |
| rows | `records`, `decision_records`, `schedule_records` | `schema`, `tables` of each kind, `reading`, `listing` |
| people | `parts` | `commission`, `accounts`, `sessions` |
| the complex | `complex` | `register`, `steps`, `evidence`, `sheets`, `glance`, `example` |
| the programme | `verification`, `progress` | `programme`, `matrix`, `drafts`, `example_programme` |
| remarks | `nonconformance` | `remarks`, `waivers`, `open_items` |
| gates | `gates`, `permits`, `standing` | `decisions`, `signatures`, `agreements` |
| the schedule | `dates`, `clocks`, `forecast` | `schedule` |
| campaigns: `operations/` | `network`, `conflicts`, `templates` | `begin`, `work`, `plan` |
"""
