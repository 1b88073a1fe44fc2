"""What each part of the reinforcement is worth: the student, at an equal number of steps, with and without it.

Five arms, each with several seeds, judged on the validation seeds. Writes a table (Markdown) and a plot.
"""

import argparse
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from evaluate import HeldOut, Judge
from worldkit.sample import VALIDATION_SEEDS

ARMS = {
    "none": dict(captions="original", augmentations="none", distill=0.0),
    "augmentations": dict(captions="original", augmentations="stored", distill=0.0),
    "augmentations + synthetic captions": dict(captions="both", augmentations="stored", distill=0.0),
    "augmentations + teacher embeddings": dict(captions="original", augmentations="stored", distill=0.75),
    "everything": dict(captions="both", augmentations="stored", distill=0.75),
}
MEASURES = {
    "top1": "zero-shot top-1",
    "recall_seen": "recall@1, seen phrasing",
    "recall_unseen": "recall@1, unseen phrasing",
}


def judged(arguments, arm: str, seed: int, held_out: HeldOut) -> dict:
    """Trains one run, or finds it done, and its report."""
    folder = arguments.out / f"{list(ARMS).index(arm)}-{seed}"
    command = [sys.executable, str(pathlib.Path(__file__).parent / "train.py")]
    options = dict(data=arguments.data, out=folder, size=arguments.size, steps=arguments.steps, seed=seed, drawn=1)
    # Original captions are mostly true of both twins: side by side, the arms without others would learn from errors.
    options |= dict(phases=arguments.phases, batch=arguments.batch, batches="chance") | ARMS[arm]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    # Where the run is over, this only finds that it is of the same recipe and data.
    subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    return Judge(folder / "checkpoint.pt").report(held_out)


def table(results: dict[str, list[dict]]) -> str:
    lines = ["| arm | " + " | ".join(MEASURES.values()) + " |", "|---|" + "---|" * len(MEASURES)]
    for arm, reports in results.items():
        cells = []
        for measure in MEASURES:
            values = 100 * np.array([report[measure] for report in reports])
            cells.append(f"{values.mean():.1f} ± {values.std(ddof=1) if len(values) > 1 else 0:.1f}")
        lines.append(f"| {arm} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def plot(results: dict[str, list[dict]], path: pathlib.Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 4.2))
    places = np.arange(len(results))
    for offset, (measure, name) in enumerate(MEASURES.items()):
        values = [[100 * report[measure] for report in reports] for reports in results.values()]
        x = places + (offset - 1) * 0.26
        axes.bar(x, [np.mean(v) for v in values], 0.24, label=name)
        for place, v in zip(x, values):
            axes.plot([place] * len(v), v, "k.", markersize=4)
    axes.set_xticks(places, [arm.replace(" + ", "\n+ ") for arm in results], fontsize=9)
    axes.set_ylabel("per cent (dots: single runs)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(MEASURES), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="reinforced shards")
    parser.add_argument("--held-out", type=pathlib.Path, default=pathlib.Path("data"))
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the runs, table.md and plot.png")
    parser.add_argument("--size", default="student")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--phases", default="64x24:0.5,96x24:0.5")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=2000)
    parser.add_argument("--retrieval", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=1000)
    arguments = parser.parse_args()
    counts = (arguments.pictures, arguments.retrieval, arguments.pairs)
    held_out = HeldOut.cached(arguments.held_out, VALIDATION_SEEDS, counts)
    results: dict[str, list[dict]] = {arm: [] for arm in ARMS}
    # Seeds outside, so that what is cut short still has every arm. One core a run.
    jobs = [(arm, seed) for seed in range(arguments.seeds) for arm in ARMS]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for (arm, _), report in zip(jobs, pool.map(lambda job: judged(arguments, *job, held_out), jobs)):
            results[arm].append(report)
            print(table({arm: reports for arm, reports in results.items() if reports}), flush=True)
    (arguments.out / "table.md").write_text(table(results))
    plot(results, arguments.out / "plot.png")


if __name__ == "__main__":
    main()
