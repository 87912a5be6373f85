"""Sentences about the errors that verifying the journal found, for a terminal."""

from counter.journal.verifying import Broken, Why

OF_AN_ENTRY = {
    Why.ALTERED: "was altered after it was sealed",
    Why.REMOVED: "was removed after it was sealed",
    Why.ADDED: "was slipped in after the sealing",
    Why.GAP: "does not follow the entry before it: one between them was removed, or "
    "its number or time was altered",
    Why.FOREIGN: "was not written by this program, or was altered before it was sealed",
    Why.NOT_AS_WRITTEN: "was altered, or was not written by this program; it is not "
    "sealed yet",
    Why.NOT_OURS: "was altered, or was not written by this program, or its key is not "
    "in SEAL_KEYS; the seal over it cannot say more",
    Why.COPIED: "is a copy of an older one: it has that one's mark",
}
OF_A_SEAL = {
    Why.CHAIN: "does not follow the seal before it: one was removed or made anew",
    Why.SEAL: "was altered itself, or was not made with a key of ours",
    Why.KEY: "cannot be checked: its key is not in SEAL_KEYS",
}


def sentence(broken: Broken) -> str:
    """One English sentence about this error."""
    if broken.entry_id is not None:
        return f"entry {broken.entry_id} {OF_AN_ENTRY[broken.why]}"
    return (
        f"the seal over entries {broken.first_id} to {broken.last_id} "
        f"{OF_A_SEAL[broken.why]}"
    )
