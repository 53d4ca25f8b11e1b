"""The long reliability runs: `python3 dev torture [NAME…]`. Figures of real runs: benchmarks/RELIABILITY.md."""
