"""The record of the launch as an undertaking: who, the complex, its tests' evidence, and a log that shows every change.

`log.database` gives a `Database` (`create`, `open_database`); its `writing(actor)` changes it, `log.audit.verify` checks it.
A room a piece of the work. In each `records` is what the record holds, `tables` how a database holds it; rules are plain
functions over values and know no database; verbs say who does what, in one transaction each.

| room | rules | verbs |
|---|---|---|
| `log`, every change | `chain`, `signing` | `database`, `change`, `audit`, `backup` |
| `rows`, of every kind | `entities` | `schema`, `tables`, `reading`, `listing` |
| `commission` | `parts`, `access` | `members`, `accounts`, `sessions` |
| `complex` | `states` | `register`, `steps`, `example` |
| `evidence` | | `store`, `glance` |
| `programme` | `verification` | `steps`, `drafts`, `matrix`, `progress`, `example` |
| `remarks` | `states` | `steps`, `waivers` |
| `gates` | `states`, `permits` | `decisions`, `signatures`, `agreements`, `open_items`, `standing` |
| `schedule` | | `milestones`, `forecast` |
| `meetings` | `states` | `conduct`, `protocol`, `authority`, `seals`, `signing` |
| `operations`, campaigns | `network`, `conflicts`, `templates` | `begin`, `work`, `plan` |
| `results` of flights | `measured`, `compare` | `enter` |
| `notices` to offices | `settings`, `transports` | `subscribe`, `deliver` |

What every room uses: `machine` (states, steps, rules), `reason` (why something is refused), `dates`, `clocks`, `sheets`.
"""
