# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events as python3-libvirt registers for them and prints them."""

import time

import libvirt

import answers
import recording

TIMEOUT = 5.0

_ADDRESSES = ({"family": 1, "node": "192.0.2.1", "service": "5900"},
              {"family": 2, "node": "2001:db8::1", "service": "4711"})
_GRAPHICS = (1,) + _ADDRESSES + ("vnc", [("dname", "CN=one")])

# By event id: what the callback is told, behind connection and domain.
PRINTED = [
    (2, 1), (), (-answers.BIG,), (3,), ("/src", "alias", 1), _GRAPHICS,
    ("/src", "alias", 2, "enospc"), (), ("/disk", 2, 1),
    ("/old", None, "alias", 1), ("alias", 1), (3,), (4,), (answers.BIG,),
    (5,), ("alias",), ("vda", 4, 2), (answers.ALL_TYPES_PRINTED,), (2, 1),
    ("added",), (12,), (answers.ALL_TYPES_PRINTED,), ("stuck",),
    (2, "urn:x"), ("vda", "/path", 1 << 33, 77), (1, 2, 3),
    ("virtiomem0", 1 << 34),
]
# Old servers' messages have no reason; the client says 0.
PRINTED_OLD = PRINTED[:11] + [(0,), (0,), (answers.BIG,), (0,), ("alias",)]


def wait_for(seen):
    end = time.monotonic() + TIMEOUT
    while not seen and time.monotonic() < end:
        libvirt.virEventRunDefaultImpl()


def check_sent(server, out, tap, name, expected):
    """The last arguments of a call are these."""
    row = server.by_name[name]
    sent = server.sent(row)
    why = "not sent"
    if sent:
        data, value = sent[-1]
        why = None if value == expected else \
            "recorded %r, expected %r" % (value, expected)
        out.add(row, "args", "recorded:python", data)
    return why


def one_event(server, out, tap, name, seen, expected):
    data = server.event(name, answers.EVENTS[name])
    wait_for(seen)
    domain = (answers.DOM["name"], answers.DOM["uuid"], answers.DOM["id"])
    good = seen == [(domain,) + expected]
    if tap.report(good, "python " + name,
                  "printed %r, expected %r" % (seen, expected)):
        out.add(server.by_name[name], "args", "printed:python", data)


def listener(seen):
    def heard(conn, dom, *words):
        words = words[:-1]      # the opaque value
        seen.append(((dom.name(), dom.UUID(), dom.ID()),) + words)
    return heard


def by_event(server):
    """Event id to the name of the event with a callback id."""
    return {row.number and answers.EVENTS[row.name]["callback_id"] - 1000:
            row.name for row in server.rows.values()
            if row.is_event and "callback_id" in
            answers.EVENTS.get(row.name, {})}


def run(server, conn, tap, out):
    """Events as today's servers send them, with callback ids."""
    # A timer keeps the event loop from waiting for ever.
    timer = libvirt.virEventAddTimeout(100, lambda timer, opaque: None, None)
    names = by_event(server)
    register = "CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY"
    deregister = "CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY"
    for event, expected in enumerate(PRINTED):
        seen = []
        dom = conn.lookupByName("test") if event % 2 else None
        cb = conn.domainEventRegisterAny(dom, event, listener(seen), None)
        why = check_sent(server, out, tap, register,
                         {"event_id": event,
                          "dom": answers.DOM if event % 2 else None})
        tap.report(why is None, "python %s %d" % (register, event), why)
        one_event(server, out, tap, names[event], seen, expected)
        conn.domainEventDeregisterAny(cb)
        why = check_sent(server, out, tap, deregister,
                         {"callback_id": 1000 + event})
        tap.report(why is None, "python %s %d" % (deregister, event), why)
    row = server.by_name[register]
    out.add(row, "ret", "printed:python", server.answered(row))
    closed = []
    conn.registerCloseCallback(
        lambda conn, reason, opaque: closed.append(reason), None)
    name = "CONNECT_EVENT_CONNECTION_CLOSED"
    data = server.event(name, answers.EVENTS[name])
    wait_for(closed)
    if tap.report(closed == [2], "python " + name, closed):
        out.add(server.by_name[name], "args", "printed:python", data)
    conn.unregisterCloseCallback()
    libvirt.virEventRemoveTimeout(timer)


def run_old(server, conn, tap, out):
    """Events as servers without callback ids send them."""
    timer = libvirt.virEventAddTimeout(100, lambda timer, opaque: None, None)
    names = by_event(server)
    for event, expected in enumerate(PRINTED_OLD):
        seen = []
        cb = conn.domainEventRegisterAny(None, event, listener(seen), None)
        name = names[event].replace("_CALLBACK", "")
        one_event(server, out, tap, name, seen, expected)
        conn.domainEventDeregisterAny(cb)
        for call in ("CONNECT_DOMAIN_EVENT_REGISTER_ANY",
                     "CONNECT_DOMAIN_EVENT_DEREGISTER_ANY"):
            why = check_sent(server, out, tap, call, {"event_id": event})
            tap.report(why is None, "python %s %d" % (call, event), why)
    libvirt.virEventRemoveTimeout(timer)
