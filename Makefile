# The whole set-up is `make demo` and `make test`; both install what is missing first.
LISTEN ?= 127.0.0.1:8080

.PHONY: help setup setup-test build web demo demo-stop test test-web test-rust test-screen bench bench-martin growth exact tiles measure fmt lint clean

help:
	@echo 'make demo      build, fill a store with the demo places, serve it at http://$(LISTEN)/'
	@echo 'make demo-stop stop the demo service'
	@echo 'make test      all checks'
	@echo 'make build     target/release/wangge with the screen inside'
	@echo 'make bench     benches, each with a peer beside'
	@echo 'make bench-martin  one tile of the bench that martin has, drawn by both'
	@echo 'make growth    how cost grows to ten million leaves, drawn in docs/growth.svg'
	@echo 'make exact     20 million points, half of them exactly on borders, against brute force'
	@echo 'make tiles     every tile of London, of four provinces and of the demo, read by three programs'
	@echo 'make measure   the figures of the README, on this machine'
	@echo 'make fmt lint  format; lint'

setup:
	@scripts/setup build

setup-test:
	@scripts/setup build test

# What the screen is made of; made anew only when something of it has changed.
web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/vite.config.ts $(shell find web/src web/public -type f 2>/dev/null)
	cd web && npm run build

web: setup web/dist/index.html

build: web
	cargo build --release --locked

demo: build
	@scripts/demo start $(LISTEN)

demo-stop:
	@scripts/demo stop

tests/tile_decode/node_modules/.package-lock.json: tests/tile_decode/package-lock.json
	cd tests/tile_decode && npm ci --no-audit --no-fund
	@touch $@

lint: web
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings

fmt:
	cargo fmt

test-web: setup-test web/node_modules/.package-lock.json
	cd web && npm run check && npm test

test-rust: setup-test web tests/tile_decode/node_modules/.package-lock.json
	cargo test --locked

# The screen in a real browser against the release binary with the demo places.
test-screen: setup-test build
	scripts/test-screen

test: setup-test lint test-web test-rust test-screen
	@echo 'all checks passed'

bench: build
	cargo bench --locked

# A package of its own, which nothing else builds.
bench-martin: setup
	cargo run --release --locked --manifest-path benches/martin/Cargo.toml

# Needs about 16 GB for ten million leaves.
growth:
	cargo bench --locked --bench growth -- --most 10000000 --svg docs/growth.svg

# 20 million points against brute force; minutes.
exact:
	cargo test --release --locked --test suite locate::many -- --ignored --nocapture

# Every tile of London, of four provinces and of the demo at zooms 0 to 14, read by three programs; minutes.
tiles: setup-test tests/tile_decode/node_modules/.package-lock.json
	cargo test --release --locked --test suite tile::whole -- --ignored --nocapture

measure: build
	node scripts/measure.mjs

clean: demo-stop
	cargo clean
	rm -rf web/dist web/node_modules tests/tile_decode/node_modules benches/martin/target
