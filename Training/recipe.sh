#!/bin/sh
# The whole recipe, from nothing to the bundled model. Every step goes on where it was; delete a folder to do it again.
#
#   recipe.sh WORK [PYTHON]      WORK: a folder for 15 GB of pictures, shards and checkpoints
set -eu
work=$1
python=${2:-python3}
here=$(dirname "$0")
mkdir -p "$work"

# Freed memory is kept: giving 25 MB maps back to the system and taking them again costs a quarter of the time.
export MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456

"$python" "$here/world.py" --out "$work/world" --count 24000

# One core each: two runs side by side get more done than one run on two cores.
teach() {
    OMP_NUM_THREADS=1 "$python" "$here/train.py" --data "$work/world" --out "$work/teacher-$1" \
        --size "teacher-$1" --steps 2000 --phases 64x24:0.3,96x24:0.4,128x24:0.3
}
teach wide &
wide=$!
trap 'kill "$wide" 2>/dev/null || :' EXIT INT TERM
teach deep
wait "$wide"
trap - EXIT INT TERM

"$python" "$here/reinforce.py" --data "$work/world" --out "$work/reinforced" \
    --teachers "$work/teacher-wide" "$work/teacher-deep"
"$python" "$here/train.py" --data "$work/reinforced" --out "$work/student" --size student --steps 4500 \
    --augmentations stored --distill 0.75 --phases 96x24:0.4,128x24:0.25,192x24:0.18,256x77:0.17
"$python" "$here/export.py" "$work/student/checkpoint.pt" "$work/smallworld.safetensors"
"$python" "$here/evaluate.py" "$work/student/checkpoint.pt" --data "$work" --confusion "$work/confusion.png" \
    > "$work/report.json"
cat "$work/report.json"
