# Scenewatch. `make demo` shows it at work, `make test` proves it, `make build` makes the programs; each installs what it
# needs.

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# One configuration for programs and tests: what is tested is what runs, and is built once.
BUILD := $(SWIFT) build -c release
BUILT := .build/release

BUILD_PACKAGES := libturbojpeg0-dev libpng-dev libv4l-dev libsqlite3-dev libcurl4 ca-certificates pkg-config
TEST_PACKAGES := socat jq sqlite3 python3 ffmpeg openssl
TRAINING_PACKAGES := python3 python3-venv libegl1 libgl1
TRAINING := .build-training

.PHONY: build demo test test-camera test-camera-full test-soak test-scale test-retention test-triggers test-subscribers \
	test-kills test-peers test-fuzz test-install test-training model lint clean install deps \
	test-deps training-deps

build: deps
	$(BUILD)

# Needs no camera and no network.
demo: build
	$(BUILT)/scenewatch demo

test: deps test-deps
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build
	$(BUILT)/fuzz

# The built daemon against the kernel's real drivers, in a guest: four minutes in an emulated one, or ten with everything,
# most of it in one at native speed that is built first.
test-camera: build test-deps
	Tests/VirtualCamera/run

test-camera-full: build test-deps
	Tests/VirtualCamera/run --full

# Sixteen cameras on one daemon, then with three of them bad.
MINUTES ?= 10
test-soak: build test-deps
	Tests/Soak/sixteen_cameras.py --minutes $(MINUTES)
	Tests/Soak/sixteen_cameras.py --minutes $(MINUTES) --faulty

# A journal of so many looks, searched and held to plain searches: ten minutes for five million, which take 12 GB of disk.
LOOKS ?= 5000000
SCALE := .build-scale
test-scale: build
	rm -rf $(SCALE) && mkdir $(SCALE)
	$(BUILT)/scale generate --looks $(LOOKS) --journal $(SCALE)/journal.db
	$(BUILT)/scale sketch --journal $(SCALE)/journal.db
	$(BUILT)/scale search --journal $(SCALE)/journal.db
	$(BUILT)/scale decide --journal $(SCALE)/journal.db
	$(BUILT)/scale backtest --journal $(SCALE)/journal.db
	rm -rf $(SCALE)

# A fifth of so many looks is deleted in the background: five million take a quarter of an hour and 15 GB in TMPDIR.
test-retention: deps test-deps
	$(BUILD) --build-tests
	RETENTION_LOOKS=$(LOOKS) $(SWIFT) test -c release --skip-build --filter RetentionScaleTests

# Random lives of triggers against a second telling of their rules.
HISTORIES ?= 5000000
test-triggers: deps test-deps
	$(BUILD) --build-tests
	TRIGGER_HISTORIES=$(HISTORIES) $(SWIFT) test -c release --skip-build --filter TriggerHistoryTests

# Damaged model files and pictures: a million take half an hour. Those that do harm are kept in .build-fuzz.
CASES ?= 1000000
SEED ?= 1
test-fuzz: build
	$(BUILT)/fuzz --cases $(CASES) --seed $(SEED)

# Subscribers that read and some that do not, then a thousand strangers. At greater length, in three minutes:
# make test-subscribers SUBSCRIBERS=200 STALLED=20 SECONDS=60 EVENTS=50
SUBSCRIBERS ?= 40
STALLED ?= 4
SECONDS ?= 8
EVENTS ?= 150
test-subscribers: build test-deps
	Tests/Proofs/subscribers.py --subscribers $(SUBSCRIBERS) --stalled $(STALLED) --seconds $(SECONDS) --events $(EVENTS)

# kill -9 at random moments of a busy life: 200 take four minutes.
KILLS ?= 8
test-kills: build test-deps
	Tests/Proofs/kills.py --kills $(KILLS)

# Who may do what on the socket, tried by real users: as root.
test-peers: build test-deps
	Tests/Proofs/peers.py

# The bundled model, from nothing: hours. `make test` and the programs need neither Python packages nor this.
model: training-deps
	Training/recipe.sh $(TRAINING)/recipe $(TRAINING)/venv/bin/python
	install -D -m 644 $(TRAINING)/recipe/smallworld.safetensors Config/models/smallworld.safetensors
	$(TRAINING)/venv/bin/python Training/golden.py Config/models/smallworld.safetensors Config/demo/clip.mjpeg \
		Tests/TestSupport/Reference/golden/smallworld.json

# Every step of the recipe in miniature, and the linter.
test-training: training-deps
	$(TRAINING)/venv/bin/ruff check --quiet Training
	$(TRAINING)/venv/bin/ruff format --quiet --check Training
	$(TRAINING)/venv/bin/python -m unittest discover -s Training/tests -p 'test_*.py'

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	@for script in Examples/*.sh Examples/hooks/*.sh Training/*.sh Tests/VirtualCamera/guest-init \
		Tests/VirtualCamera/native-init; do \
		sh -n "$$script" || exit 1; done
	@for script in Tests/VirtualCamera/setup Tests/VirtualCamera/guest Tests/VirtualCamera/run; do \
		bash -n "$$script" || exit 1; done
	@for script in Examples/*.py Tests/AcceptanceTests/*.py Tests/Soak/*.py Tests/Proofs/*.py Tests/VirtualCamera/*.py Tests/VirtualCamera/scenarios/*.py; do python3 -c "import ast, sys; ast.parse(open(sys.argv[1]).read())" "$$script" || exit 1; done

# Nothing is said when nothing is missing.
define install-missing
	@missing=$$(for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
		echo "installing" $$missing; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

deps:
	$(call install-missing,$(BUILD_PACKAGES))

test-deps:
	$(call install-missing,$(TEST_PACKAGES))

training-deps: $(TRAINING)/ready

$(TRAINING)/ready: Training/requirements.txt
	$(call install-missing,$(TRAINING_PACKAGES))
	python3 -m venv $(TRAINING)/venv
	$(TRAINING)/venv/bin/python -m pip install --quiet --requirement Training/requirements.txt
	touch $@

# Installed programs bring the Swift runtime along, so that they run where there is no Swift.
install: deps
	$(BUILD) --static-swift-stdlib --scratch-path .build-install
	install -D -m 755 .build-install/release/scenewatchd $(DESTDIR)$(PREFIX)/bin/scenewatchd
	install -D -m 755 .build-install/release/scenewatch $(DESTDIR)$(PREFIX)/bin/scenewatch
	strip $(DESTDIR)$(PREFIX)/bin/scenewatchd $(DESTDIR)$(PREFIX)/bin/scenewatch
	@for file in demo.yaml demo/clip.mjpeg demo/script.json models/smallworld.safetensors; do \
		install -D -m 644 Config/$$file $(DESTDIR)$(PREFIX)/share/scenewatch/$$file || exit 1; \
	done
	@for file in Examples/hooks/*.sh; do \
		install -D -m 755 $$file $(DESTDIR)$(PREFIX)/share/scenewatch/hooks/$${file##*/} || exit 1; \
	done
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@BIN@|$(PREFIX)/bin|' Systemd/scenewatchd.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/scenewatchd.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/scenewatchd.service
	install -D -m 644 Systemd/scenewatch.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/scenewatch.conf
	install -D -m 644 Config/scenewatch.yaml $(DESTDIR)$(PREFIX)/share/doc/scenewatch/scenewatch.yaml
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/scenewatch/LICENSE
	install -D -m 644 Sources/CVocabulary/NOTICE.txt $(DESTDIR)$(PREFIX)/share/doc/scenewatch/NOTICE.txt
	@[ -e $(DESTDIR)/etc/scenewatch/scenewatch.yaml ] || \
		install -D -m 644 Config/scenewatch.yaml $(DESTDIR)/etc/scenewatch/scenewatch.yaml

# What is installed is linked differently from what is tested: look whether it runs at all.
test-install:
	$(MAKE) install DESTDIR=$(CURDIR)/.build-install/root
	.build-install/root$(PREFIX)/bin/scenewatch --version
	.build-install/root$(PREFIX)/bin/scenewatchd --config Config/scenewatch.yaml --check
	.build-install/root$(PREFIX)/bin/scenewatch demo --fast

clean:
	rm -rf .build .build-install
