"""SQLite's FTS5 as a peer; commands as in with_bm25s.py."""

import json
import re
import sqlite3
import sys
import time


def records(passages):
    with open(passages) as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record["contents"]


def build(passages, index):
    base = sqlite3.connect(index)
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("PRAGMA synchronous = OFF")
    base.execute("CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, contents, tokenize = 'porter unicode61')")
    base.executemany("INSERT INTO passages VALUES (?, ?)", records(passages))
    base.execute("INSERT INTO passages(passages) VALUES ('optimize')")
    base.commit()


def quoted(text):
    words = re.findall(r"\w+", text)
    return [f'"{word}"' for word in words]


def phrase(text):
    return '"' + " ".join(re.findall(r"\w+", text)) + '"'


def match(name, text):
    if name == "prefix":
        return phrase(text) + "*"
    if name == "phrase":
        return phrase(text)
    if name == "topic":
        return " OR ".join(phrase(form) for form in text.split("|"))
    return (" AND " if name == "all" else " OR ").join(quoted(text))


SEARCH = "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 10"


def search(index, name, text):
    base = sqlite3.connect(index)
    for (passage,) in base.execute(SEARCH, (match(name, text),)):
        print(passage)


def serve(index, queries):
    base = sqlite3.connect(index)
    classes = {}
    for line in open(queries):
        name, _, text = line.rstrip("\n").split("\t")
        classes.setdefault(name, []).append(text)
    for name in map(str.strip, sys.stdin):
        texts = classes.get(name, [])
        start, hits = time.perf_counter_ns(), 0
        for text in texts:
            hits += len(base.execute(SEARCH, (match(name, text),)).fetchall())
        print(name, time.perf_counter_ns() - start, len(texts), hits, sep="\t", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
