"""An independent client, Debian's python3-socketio, against a server in app mode.

python_client.py URL CASE TRANSPORT: exits with 0 where all is as it should be.
"""
import queue
import sys

import socketio
from engineio.payload import Payload

URL, CASE, TRANSPORT = sys.argv[1:]
WITHIN = 8  # seconds that anything may take
Payload.max_decode_packets = 10_000  # by itself it refuses a poll that brings more than 16 packets


class Client:
    """A connected client; what it hears is taken in order by next()."""

    def __init__(self, namespaces=("/",), token="good", wait=True):
        self.heard = queue.Queue()
        self.gone = queue.Queue()
        self.sio = socketio.Client(reconnection=False)
        for namespace in namespaces:
            for event in ("hello", "message-back", "news", "seq", "blob"):
                self.sio.on(event, self.hearing(namespace, event), namespace=namespace)
            self.sio.on("connect_error", self.hearing(namespace, "connect_error"), namespace=namespace)
            self.sio.on("disconnect", lambda: self.gone.put(True), namespace=namespace)
        self.sio.on("question", lambda question: "because " + question)
        transports = ["polling", "websocket"] if TRANSPORT == "upgrade" else [TRANSPORT]
        self.sio.connect(URL, auth={"token": token}, transports=transports, namespaces=list(namespaces),
                         wait=wait, wait_timeout=WITHIN)

    def hearing(self, namespace, event):
        return lambda *args: self.heard.put((namespace, event, *args))

    def next(self):
        return self.heard.get(timeout=WITHIN)

    def gets_each(self, event, count):
        """Each number once; this client handles messages in threads, so their order says nothing."""
        same(sorted(self.next() for _ in range(count)), [("/", event, i) for i in range(count)])

    def call(self, event, *args, namespace="/"):
        return self.sio.call(event, args, timeout=WITHIN, namespace=namespace)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sio.disconnect()


def same(got, expected):
    assert got == expected, f"{got!r} instead of {expected!r}"


def greeted(client, namespace="/"):
    same(client.next(), (namespace, "hello", {"recovered": False}))


def connects():
    with Client() as client:
        greeted(client)
        same(client.sio.transport(), "polling" if TRANSPORT == "polling" else "websocket")


def is_refused():
    with Client(token="bad", wait=False) as client:
        same(client.next(), ("/", "connect_error", {"message": "unauthorized", "data": {"code": 401}}))


def has_namespaces():
    with Client(("/", "/custom")) as client:
        same({client.next()[0], client.next()[0]}, {"/", "/custom"})
        same(client.call("echo", 1, namespace="/custom"), 1)
        same(client.call("echo", 2), 2)


def exchanges_events():
    with Client() as client:
        greeted(client)
        client.sio.emit("message", (1, "\u00e9\U0001f389\x1e", {"a": [None, True, 1.5]}))
        same(client.next(), ("/", "message-back", 1, "\u00e9\U0001f389\x1e", {"a": [None, True, 1.5]}))


def exchanges_acknowledgements():
    with Client() as client:
        same(client.call("echo", 1, "two"), (1, "two"))
        same(client.call("ask-me", "of it"), {"answer": "because of it"})


def exchanges_bytes():
    with Client() as client:
        greeted(client)
        same(client.call("echo", b"\x00\x01\xff", {"deep": [b""]}), (b"\x00\x01\xff", {"deep": [b""]}))
        client.sio.emit("message", b"abc")
        same(client.next(), ("/", "message-back", b"abc"))


def hears_rooms():
    with Client() as listener, Client() as publisher:
        greeted(listener)
        room = "python-" + TRANSPORT
        same(listener.call("subscribe", room), {"ok": True, "room": room})
        for i in range(20):
            publisher.sio.emit("publish", (room, "news", i))
        listener.gets_each("news", 20)


def gets_a_burst():
    with Client() as client:
        greeted(client)
        client.sio.emit("burst", 500)
        client.gets_each("seq", 500)


def gets_much_at_once():
    with Client() as client:
        greeted(client)
        client.call("big", 900_000)
        same(client.next(), ("/", "blob", "x" * 900_000))


def is_sent_away():
    with Client() as client:
        greeted(client)
        client.sio.emit("kick", True)
        same(client.gone.get(timeout=WITHIN), True)


globals()[CASE]()
