"""bm25s (with PyStemmer) as a peer.

build PASSAGES INDEX              writes an index of passages, JSON Lines with `id` and `contents`
batch INDEX QUERIES DEPTH THREADS writes a TREC run of queries (`id TAB text`) to stdout
serve INDEX QUERIES               warm searches by class, see README.md
"""

import json
import sys
import time

import bm25s
import Stemmer

OPTIONS = dict(stopwords="en", show_progress=False)


def tokens(texts):
    return bm25s.tokenize(texts, stemmer=Stemmer.Stemmer("english"), **OPTIONS)


def build(passages, index):
    ids, texts = [], []
    with open(passages) as lines:
        for line in lines:
            record = json.loads(line)
            ids.append(record["id"])
            texts.append(record["contents"])
    retriever = bm25s.BM25(k1=0.9, b=0.4)
    retriever.index(tokens(texts), show_progress=False)
    retriever.save(index)
    with open(index + "/ids.json", "w") as out:
        json.dump(ids, out)


def load(index, backend):
    retriever = bm25s.BM25.load(index, mmap=True)
    retriever.backend = backend
    if backend == "numba":
        retriever.activate_numba_scorer()
    with open(index + "/ids.json") as file:
        return retriever, json.load(file)


def batch(index, queries, depth, threads, backend="numpy"):
    retriever, ids = load(index, backend)
    rows = [line.rstrip("\n").split("\t", 1) for line in open(queries)]
    found, scores = retriever.retrieve(
        tokens([text for _, text in rows]), k=int(depth), n_threads=int(threads), show_progress=False
    )
    out = sys.stdout
    for (query, _), documents, values in zip(rows, found, scores):
        out.write("".join(f"{query} Q0 {ids[d]} {i + 1} {v:.4f} bm25s\n" for i, (d, v) in enumerate(zip(documents, values))))


def serve(index, queries):
    # Any words is all that bm25s knows.
    retriever, ids = load(index, "numpy")
    classes = {}
    for line in open(queries):
        name, _, text = line.rstrip("\n").split("\t")
        classes.setdefault(name, []).append(text)
    for name in map(str.strip, sys.stdin):
        texts = classes.get(name, []) if name in ("term", "any", "question") else []
        start, hits = time.perf_counter_ns(), 0
        for text in texts:
            found, _ = retriever.retrieve(tokens([text]), k=10, show_progress=False)
            hits += sum(1 for document in found[0] if ids[document])
        print(name, time.perf_counter_ns() - start, len(texts), hits, sep="\t", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
