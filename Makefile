# Everything that is done with Orderflow. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

APP := target/quarkus-app/quarkus-run.jar
SANDBOX := sandbox/target/sandbox.jar
MVN = JAVA_HOME=$$(bin/find-jdk) mvn -B -ntp -q

APP_SOURCES := pom.xml application.properties $(shell find src/main routes -type f)
SANDBOX_SOURCES := sandbox/pom.xml $(shell find sandbox/src/main -type f)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build, start sandbox and app, and say how to place an order
	@exec bin/run

.PHONY: app
app: $(APP) ## Start the built app alone, configured by the environment only
	@exec "$$(bin/find-jdk)/bin/java" -Dcamel.threads.virtual.enabled=true -Dvertx.disableURIValidation=true -jar $(APP)

.PHONY: build
build: tools $(SANDBOX) $(APP) ## Build app and sandbox

$(APP): $(APP_SOURCES)
	@echo "Building the app …"
	@$(MVN) package -DskipTests
	@touch $@

$(SANDBOX): $(SANDBOX_SOURCES)
	@echo "Building the sandbox …"
	@$(MVN) -f sandbox/pom.xml package -DskipTests
	@touch $@

.PHONY: test
test: tools ## Run every test and check, and print the totals
	@bin/test

.PHONY: soak
soak: build ## Kill the app KILLS=300 times from SEED=1 on, and outlast a day's outage of every integration
	@$(MVN) test-compile failsafe:integration-test failsafe:verify -Dit.test=RandomKillsIT,TwoInstancesIT,OutageIT,FaultsIT,LedgerOutageIT \
	  -Dkills=$(or $(KILLS),300) -Dseed=$(or $(SEED),1) -Dfaults.millis=10000 -Dledger.seconds=30 \
	  -Doutage.scale=$(or $(SCALE),0.002) -Doutage.of=stripe,google-sheets,sendgrid,sns

.PHONY: format
format: tools ## Format the Java code
	@$(MVN) spotless:apply && $(MVN) -f sandbox/pom.xml spotless:apply

.PHONY: clean
clean: ## Delete what was built; .data with the orders of `make run` stays
	@rm -rf target sandbox/target

.PHONY: tools
tools:
	@bin/find-jdk >/dev/null
	@command -v mvn >/dev/null || { echo "Orderflow needs Maven 3.8 or newer: install it and have mvn on PATH." >&2; exit 1; }
