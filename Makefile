.PHONY: run demo test check bench
run demo test check bench:
	@python3 dev $@
