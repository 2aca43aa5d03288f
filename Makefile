# vfio-doctor: `make audit` audits this host, `make check` runs the whole test suite.
#
#   make            build/vfio-doctor
#   make audit      get what is missing, build, audit this host
#   make check      get what is missing, build with sanitizers, run all tests
#   make lint       clang-format, clang-tidy, cppcheck, house rules
#   make lab        carry plans out on real kernels under QEMU; see tests/lab/README.md
#   make check-monitoring   Prometheus, node_exporter, Icinga 2, Ansible read our output
#   make fuzz       FUZZ_SECONDS=60 for each reader of what others wrote
#   make bench      speed and memory, as ratios against a peer in one run
#   make install    PREFIX=/usr/local DESTDIR=
#   make golden     write the expected reports anew; read the diff before you commit it
#   make docs       write docs/facts.md and docs/snapshot.md anew
#
# V=1 shows the commands.

BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= cc
CFLAGS  ?= -O2 -g
VERSION := 0.1.0

STD  := -std=c11 -D_GNU_SOURCE -Isrc -DVFIO_DOCTOR_VERSION='"$(VERSION)"'
WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
LIBS := -lpci -lcjson -lcmark -lz -lseccomp

ifeq ($(V),)
Q := @
say = @echo '  $(1)  $(patsubst $(BUILD)/%,%,$@)'
endif

SRC   := $(sort $(filter-out src/main.c src/rules/embed.c,$(wildcard src/*/*.c)))
OBJ   := $(SRC:src/%.c=$(BUILD)/%.o)
RULES := $(sort $(wildcard rules/*.md))
UNIT  := $(sort $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c)))

# The sanitizer build has a folder of its own; everything that tests runs uses it.
CHECKED := $(BUILD)/checked
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# libFuzzer comes with clang. What it finds goes, once fixed, into tests/fuzz/crashes/.
FUZZ_SECONDS ?= 60
FUZZED    := $(BUILD)/fuzz
FUZZ_MAIN := tests/fuzz/replay.c
FUZZERS   := $(patsubst tests/fuzz/%.c,$(BUILD)/harness/%,\
	$(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))
FUZZ      := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer

all: $(BUILD)/vfio-doctor

audit: | build-tools
	@$(MAKE) --no-print-directory all
	@$(BUILD)/vfio-doctor; status=$$?; test $$status -le 3 || exit $$status

check: | check-tools
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory BUILD=$(CHECKED) CFLAGS='$(SANITIZE)' all units harnesses $(CHECKED)/roundtrip
	@$(MAKE) --no-print-directory $(BUILD)/property
	@tests/run $(BUILD) $(CHECKED)

# Installs the daemons it asks from Debian, where they are missing.
check-monitoring: | monitoring-tools
	@$(MAKE) --no-print-directory all
	@tests/monitoring/run $(BUILD)

lint: | lint-tools
	@tools/lint $(CC) $(STD)

fuzz: | check-tools fuzz-tools
	@$(MAKE) --no-print-directory BUILD=$(FUZZED) CC=clang CFLAGS='$(FUZZ)' \
		FUZZ_MAIN=-fsanitize=fuzzer harnesses
	@tests/fuzz/run $(FUZZED) $(FUZZ_SECONDS)

bench: | check-tools
	@$(MAKE) --no-print-directory all $(BUILD)/parse-only
	@tests/bench $(BUILD)

# Where QEMU or the network is not to be had it skips, and says why.
lab: | build-tools
	@$(MAKE) --no-print-directory all
	@tools/get-packages lab-tools || true
	@tests/lab/run $(BUILD)

golden: all
	@tests/golden/update $(BUILD)/vfio-doctor

docs: all
	$(BUILD)/vfio-doctor docs facts -o docs/facts.md
	$(BUILD)/vfio-doctor docs snapshot -o docs/snapshot.md

install: all
	install -D -m 755 $(BUILD)/vfio-doctor $(DESTDIR)$(PREFIX)/bin/vfio-doctor
	install -D -m 644 docs/vfio-doctor.1 $(DESTDIR)$(PREFIX)/share/man/man1/vfio-doctor.1
	install -D -m 644 contrib/completion.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/vfio-doctor

clean:
	rm -rf $(BUILD)

build-tools check-tools lint-tools fuzz-tools monitoring-tools:
	@tools/get-packages $@

units: $(UNIT)

harnesses: $(FUZZERS)

$(BUILD)/vfio-doctor: $(BUILD)/main.o $(BUILD)/libdoctor.a
	$(call say,LINK)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# The version is a flag, so what is built depends on this file.
$(BUILD)/%.o: src/%.c Makefile
	$(call say,CC  )
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libdoctor.a: $(OBJ) $(BUILD)/rules/embedded.o
	$(call say,AR  )
	@rm -f $@
	$(Q)$(AR) qcs $@ $^ # q: two folders may each have a cpu.o

# The rules become part of the program: embed loads them, runs their examples and writes
# them out as C data. It is made of the same loader and the same table of facts.
$(BUILD)/embed: src/rules/embed.c $(OBJ) Makefile
	$(call say,CC  )
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) $(LDFLAGS) $< $(OBJ) $(LIBS) -o $@

$(BUILD)/rules/embedded.c: $(BUILD)/embed $(RULES)
	$(call say,RULE)
	@mkdir -p $(@D)
	$(Q)$(BUILD)/embed $@ $(RULES)

$(BUILD)/rules/embedded.o: $(BUILD)/rules/embedded.c
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) -c $< -o $@

# What packs its archives is the library itself.
$(BUILD)/unit/test_archive: LIBS += -larchive

$(BUILD)/unit/%: tests/unit/%.c tests/unit/tap.h $(BUILD)/libdoctor.a
	$(call say,TEST)
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) -Itests/unit $< $(BUILD)/libdoctor.a $(LIBS) -o $@

$(BUILD)/harness/%: tests/fuzz/%.c tests/fuzz/fuzz.h tests/fuzz/replay.c $(BUILD)/libdoctor.a
	$(call say,TEST)
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) -Itests/fuzz $< $(FUZZ_MAIN) $(BUILD)/libdoctor.a \
		$(LIBS) -o $@

$(addprefix $(BUILD)/,property parse-only roundtrip): $(BUILD)/%: tests/%.c $(BUILD)/libdoctor.a
	$(call say,TEST)
	$(Q)$(CC) $(STD) $(WARN) $(CFLAGS) $< $(BUILD)/libdoctor.a $(LIBS) -o $@

-include $(OBJ:.o=.d) $(BUILD)/main.d

.PHONY: all audit check check-monitoring lint lab bench golden docs install clean units \
	build-tools check-tools lint-tools fuzz-tools monitoring-tools fuzz harnesses
.SECONDARY:
.DELETE_ON_ERROR:
