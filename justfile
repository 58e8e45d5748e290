# Every recipe is a plain cargo command: nobody needs `just`.

# List the recipes
default:
    @just --list

# All that CI asks for, before a commit
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# Run the tests, all or those whose name holds a word
test *words:
    cargo test {{words}}

# Build the committed index from the seed papers
index:
    cargo run --release -- index seeds --output index/seeds.polisearch

# Make the sample of the present format version that stays in tests/ (once its bytes are settled)
freeze:
    cargo run --release -- index tests/data/frozen/papers --output tests/data/frozen/v6.polisearch

# Feed broken files to the opener for a minute (needs nightly and `cargo install cargo-fuzz`)
fuzz:
    mkdir -p fuzz/corpus/open
    cargo +nightly fuzz run open fuzz/corpus/open tests/data/frozen -- -max_total_time=60 -max_len=65536 -rss_limit_mb=2048 -timeout=20

# Write the transcripts of tests/cli and the README anew; look at the difference before committing it
transcripts:
    TRYCMD=overwrite cargo test --test cli

# Measure speed and size beside the peers that are installed; benches/README.md tells how
bench *args:
    cargo bench --bench peers -- {{args}}

# Count the instructions of a fixed batch: small changes show on a noisy machine
instructions *program:
    benches/instructions.sh {{program}}

# Measure the ranking on every judged collection that is at hand, beside the peers
eval *names:
    cargo bench --bench effectiveness -- {{names}}

# Send ten thousand hostile lines through a batch
hostile:
    POLISEARCH_HOSTILE=10000 cargo test --release --test cli hostile_lines

# Measure the ranking of the seed papers against the second set of judgements
eval-second:
    cargo run --release -- eval --queries tests/data/eval/second/queries.tsv --qrels tests/data/eval/second/judgements.tsv --repeats tests/data/eval/seeds/duplicates.tsv -m nDCG@10 R@20 Success@1

# Switch off each part of the ranking in turn, and print what it brings on the seed papers
ablation *args:
    cargo run --release -- eval --ablation --test none --queries tests/data/eval/seeds/queries.tsv --qrels tests/data/eval/seeds/judgements.tsv --repeats tests/data/eval/seeds/duplicates.tsv -m nDCG@10 R@20 Success@1 {{args}}

# Check licences, bans and sources of the dependencies
deny:
    cargo deny check licenses bans sources
