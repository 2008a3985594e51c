"""Who is told what happened in the record: subscriptions of offices, by e-mail or webhook.

The log is the outbox: an event stands in it in the same transaction as the change, so no change waits for a notice, and none is
lost. `deliver` reads on from where a subscription was last told, sends, and remembers; a target that fails is tried again.
"""
