"""Xapian as a peer; commands as in with_bm25s.py."""

import json
import re
import sys
import time

import xapian


def build(passages, index):
    base = xapian.WritableDatabase(index, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("en"))
    with open(passages) as lines:
        for line in lines:
            record = json.loads(line)
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(record["contents"])
            document.set_data(record["id"])
            base.add_document(document)
    base.commit()


def parser(base):
    made = xapian.QueryParser()
    made.set_stemmer(xapian.Stem("en"))
    made.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    made.set_database(base)
    return made


FLAGS = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_WILDCARD


def plain(text):
    return " ".join(re.findall(r"\w+", text)).lower()


def query(parse, name, text):
    if name == "prefix":
        return parse.parse_query(plain(text) + "*", FLAGS)
    if name == "phrase":
        return parse.parse_query('"' + plain(text) + '"', FLAGS)
    if name == "topic":
        forms = [parse.parse_query('"' + plain(form) + '"', FLAGS) for form in text.split("|")]
        return xapian.Query(xapian.Query.OP_OR, forms)
    parse.set_default_op(xapian.Query.OP_AND if name == "all" else xapian.Query.OP_OR)
    return parse.parse_query(plain(text), FLAGS)


def found(base, parse, name, text):
    enquire = xapian.Enquire(base)
    enquire.set_query(query(parse, name, text))
    return [match.document.get_data().decode() for match in enquire.get_mset(0, 10)]


def search(index, name, text):
    base = xapian.Database(index)
    print("\n".join(found(base, parser(base), name, text)))


def serve(index, queries):
    base = xapian.Database(index)
    parse = parser(base)
    classes = {}
    for line in open(queries):
        name, _, text = line.rstrip("\n").split("\t")
        classes.setdefault(name, []).append(text)
    for name in map(str.strip, sys.stdin):
        texts = classes.get(name, [])
        start, hits = time.perf_counter_ns(), 0
        for text in texts:
            hits += len(found(base, parse, name, text))
        print(name, time.perf_counter_ns() - start, len(texts), hits, sep="\t", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
