"""Every step of the recipe in miniature: world, teachers, reinforcement, student, export, judgement."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np
import torch
import webdataset
from safetensors import safe_open

TRAINING = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(TRAINING))
import augment  # noqa: E402
import golden  # noqa: E402
import train  # noqa: E402
from shards import Dataset  # noqa: E402
from train import Recipe, Run, contrastive, distillation, load, logits  # noqa: E402
from world import sample as make_pair  # noqa: E402
from worldkit.twins import twins  # noqa: E402


def run(script: str, *arguments) -> str:
    command = [sys.executable, str(TRAINING / script), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Words(unittest.TestCase):
    def test_what_is_said_does_not_follow_the_place(self):
        places = [twins(seed - seed % 2)[0].place for seed in range(500) if "a photo" in make_pair(seed).synthetic]
        self.assertGreaterEqual(len(set(places)), 4, "captions are drawn from the scene's own stream of chance")


class Augmentations(unittest.TestCase):
    def setUp(self):
        self.pictures = torch.randint(0, 256, (4, 3, 64, 64), dtype=torch.uint8)

    def test_neutral_numbers_change_nothing(self):
        same = augment.apply(self.pictures, torch.tensor([augment.NEUTRAL] * 4), 64)
        self.assertTrue(torch.equal(same, self.pictures.float() / 255))

    def test_stored_numbers_come_back(self):
        rng = np.random.default_rng(1)
        drawn = [augment.draw(rng) for _ in range(20)]
        stored = json.loads(augment.to_json(drawn))
        self.assertEqual([augment.expand(values) for values in stored], drawn)
        self.assertLess(max(map(len, stored)), 8, "what is neutral is not stored")

    def test_a_crop_shows_its_part_of_the_picture(self):
        values = dict(zip(augment.FIELDS, augment.NEUTRAL))
        values |= {"crop_x": 0.5, "crop_width": 0.5, "crop_y": 0.25, "crop_height": 0.5}
        ramp = torch.arange(64, dtype=torch.uint8).expand(1, 3, 64, 64)  # each column its own number
        for picture, first in ((ramp, 32), (ramp.transpose(2, 3), 16)):
            part = 255 * augment.apply(picture, torch.tensor([list(values.values())]), 32)
            shown = part[0, 0, 16] if first == 32 else part[0, 0, :, 16]
            self.assertLess((shown[1:-1] - torch.arange(first + 1, first + 31)).abs().max(), 0.6)

    def test_what_one_picture_gets_does_not_touch_the_next(self):
        values = torch.tensor([augment.draw(np.random.default_rng(seed)) for seed in range(4)])
        together = augment.apply(self.pictures, values, 32)
        for index in range(4):
            alone = augment.apply(self.pictures[index : index + 1], values[index : index + 1], 32)
            self.assertLess((together[index] - alone[0]).abs().max(), 1e-5)


class Losses(unittest.TestCase):
    def setUp(self):
        generator = torch.Generator().manual_seed(1)
        self.images, self.texts = torch.nn.functional.normalize(torch.randn(2, 8, 16, generator=generator), dim=-1)

    def test_contrastive_is_the_mean_cross_entropy_both_ways(self):
        for group in (8, 2):
            expected, none = 0.0, torch.zeros(8 // group, group, group, dtype=bool)
            for start in range(0, 8, group):
                one = slice(start, start + group)
                similar = (10 * self.images[one] @ self.texts[one].T).double()
                rows = (similar.logsumexp(1) - similar.diag()).sum()
                columns = (similar.logsumexp(0) - similar.diag()).sum()
                expected += (rows + columns).item() / 2 / 8
            self.assertAlmostEqual(contrastive(logits(self.images, self.texts, 10.0, group), none).item(), expected, 5)

    def test_what_is_also_true_is_no_choice_to_refuse(self):
        students = logits(self.images, self.texts, 10.0, 2)
        also_true = torch.zeros_like(students, dtype=bool)
        also_true[0, 1, 0] = True  # the first caption is true of the second picture
        picked = students.clone()
        picked[0, 1, 0] = 50.0
        self.assertEqual(contrastive(students, also_true), contrastive(picked, also_true))
        both = also_true | also_true.mT
        self.assertLess(contrastive(students[:1], both[:1]).abs(), 1e-6)

    def test_distillation_is_least_where_student_and_teacher_agree(self):
        for group in (8, 2):
            teacher = [logits(self.images, self.texts, 10.0, group)]
            images = self.images.clone().requires_grad_()
            distillation(logits(images, self.texts, 10.0, group), teacher).backward()
            self.assertLess(images.grad.abs().max(), 1e-6)
            own = distillation(teacher[0], teacher)
            other = distillation(logits(self.images.flip(0), self.texts, 10.0, group), teacher)
            self.assertLess(own, other)

    def test_teachers_are_averaged_after_the_softmax(self):
        student = logits(self.images, self.texts, 5.0, 8)
        one, other = logits(self.images, self.texts, 10.0, 8), logits(self.texts, self.images, 3.0, 8)
        single = [distillation(student, [teacher]) for teacher in (one, other)]
        both = distillation(student, [one, other])
        self.assertAlmostEqual(both.item(), sum(single).item() / 2, 5)


class Recipes(unittest.TestCase):
    """The scripts as they are run, with a model of a few thousand weights."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        folder = cls.folder
        run("world.py", "--out", folder / "world", "--count", 48, "--per-shard", 24)
        common = ("--steps", 4, "--batch", 16, "--warmup", 2, "--phases", "32x40:1")
        for seed in (1, 2):
            run(
                "train.py",
                "--data",
                folder / "world",
                "--out",
                folder / f"teacher-{seed}",
                "--size",
                "tiny",
                "--seed",
                seed,
                *common,
            )
        run(
            "reinforce.py",
            "--data",
            folder / "world",
            "--out",
            folder / "reinforced",
            "--augmentations",
            2,
            "--teachers",
            folder / "teacher-1",
            folder / "teacher-2",
        )
        cls.student = (
            "--data",
            folder / "reinforced",
            "--size",
            "tiny",
            "--augmentations",
            "stored",
            "--distill",
            0.75,
            *common,
        )
        run("train.py", "--out", folder / "student", *cls.student)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_shards_are_read_by_another_reader(self):
        pattern = str(self.folder / "reinforced/{00000..00001}.tar")
        samples = list(webdataset.WebDataset(pattern, shardshuffle=False, empty_check=False).decode("pil"))
        self.assertEqual(len(samples), 48)
        for sample in samples:
            self.assertEqual(sample["jpg"].size, (256, 256))
            self.assertTrue(sample["txt"])
            captions = sample["syn.json"]["syn_text"]
            self.assertEqual(len(captions), 5)
            self.assertEqual(len(json.loads(sample["paug.json"]["param_aug"])), 2)
            self.assertEqual(sample["npz"]["image_emb"].shape, (2, 2 * 32))
            self.assertEqual(sample["npz"]["text_emb"].shape, (1 + len(captions), 2 * 32))
            self.assertTrue(sample["url.txt"])
            self.assertEqual(len(sample["twin.json"]["true_of_twin"]), 1 + len(captions))

    def test_stored_embeddings_are_the_teachers_own(self):
        data = Dataset(self.folder / "reinforced")
        self.assertEqual([teacher["name"] for teacher in data.teachers], ["teacher-1", "teacher-2"])
        model, vocabulary, _ = load(self.folder / "teacher-2/checkpoint.pt")
        rows, ends = vocabulary.encode(data.captions[3], 40)
        picture = torch.from_numpy(data.pictures(256)[3]).permute(2, 0, 1)[None]
        with torch.no_grad():
            texts = model.encode_texts(torch.from_numpy(rows), torch.from_numpy(ends)).numpy()
            image = model.encode_images(
                augment.apply(picture, torch.from_numpy(data.augmentations[3, 1])[None], 32)
            ).numpy()
        self.assertLess(np.abs(data.text_embeddings[3][:, 32:] - texts).max(), 2e-3)
        self.assertLess(np.abs(data.image_embeddings[3][1, 32:] - image[0]).max(), 2e-3)

    def test_a_step_learns_from_what_was_stored_of_its_own_pairs(self):
        data = Dataset(self.folder / "reinforced")
        run = Run(
            Recipe(size="tiny", steps=4, batch=16, augmentations="stored", distill=1.0), data, self.folder / "one"
        )
        chosen, which, columns = np.array([4, 5, 40]), np.array([1, 0, 1]), np.array([0, 5, 2])
        teachers = run.teachers(chosen, which, columns)
        self.assertEqual([scale for _, _, scale in teachers], [teacher["scale"] for teacher in data.teachers])
        for number, (images, texts, _) in enumerate(teachers):
            part = slice(32 * number, 32 * number + 32)
            for row, (pair, augmentation, column) in enumerate(zip(chosen, which, columns)):
                self.assertEqual(images[row].tolist(), data.image_embeddings[pair, augmentation, part].tolist())
                self.assertEqual(texts[row].tolist(), data.text_embeddings[pair, column, part].tolist())
        values, which = run.augmentations(np.random.default_rng(1), chosen)
        for value, pair, augmentation in zip(values, chosen, which):
            self.assertEqual(value.tolist(), data.augmentations[pair, augmentation].tolist())
        for group in (16, 2):
            batch = run.choose(np.random.default_rng(3))
            also = run.also_true(batch, np.full(16, 2), group)
            self.assertEqual(also.shape, (16 // group, group, group))
            self.assertEqual(also.sum().item(), data.true_of_twin[batch, 2].sum())
            self.assertEqual(also[0, 1, 0].item(), bool(data.true_of_twin[batch[0], 2]))
        self.assertEqual((run.choose(np.random.default_rng(1)) % 2).tolist(), [0, 1] * 8)
        asked = mock.Mock(wraps=run.teachers)
        with mock.patch("train.distillation", wraps=train.distillation) as distillation:
            run.teachers = asked
            run.take_step(np.random.default_rng(2))
        columns = [call.args[2].tolist() for call in asked.call_args_list]
        self.assertEqual(columns[0], [0] * 16, "the original caption")
        self.assertTrue(all(one != other and one > 0 for one, other in zip(*columns[1:])), "two synthetic ones")
        self.assertEqual(distillation.call_count, 3 * 2, "three captions, over the batch and over twins")
        self.assertEqual(len({call.args[1][0].shape for call in distillation.call_args_list}), 2)

    def test_what_makes_no_sense_is_refused(self):
        for wrong in (
            dict(distill=0.5, augmentations="drawn"),
            dict(distill=1.5, augmentations="stored"),
            dict(batch=15),
            dict(captions="synthetic"),
            dict(phases="32x40:0.5"),
        ):
            with self.assertRaises(ValueError, msg=wrong):
                Recipe(size="tiny", steps=4, **wrong)

    def test_what_is_there_already_must_be_what_would_be_made(self):
        world = ("--out", self.folder / "world", "--per-shard", 24)
        for other in (("--count", 24), ("--count", 48, "--first-seed", 2), ("--count", 48, "--first-seed", 99_999_976)):
            with self.assertRaises(subprocess.CalledProcessError, msg=other):
                run("world.py", *world, *other)
        run("world.py", *world, "--count", 48)

    def test_a_run_that_was_cut_off_ends_like_one_that_was_not(self):
        data = Dataset(self.folder / "reinforced")
        recipe = Recipe(
            size="tiny", steps=4, batch=16, warmup=2, phases="32x40:1", augmentations="stored", distill=0.75
        )
        first = Run(recipe, data, self.folder / "cut")
        for _ in range(2):
            first.take_step(np.random.default_rng([recipe.seed, first.step]))
            first.step += 1
        first.save()
        second = Run(recipe, data, self.folder / "cut")
        second.resume()
        self.assertEqual(second.step, 2)
        second.run()
        self.assertEqual(second.step, 4)
        written = (self.folder / "cut/checkpoint.pt").read_bytes()
        Run(recipe, data, self.folder / "cut").run()
        self.assertEqual(written, (self.folder / "cut/checkpoint.pt").read_bytes(), "what is over is left alone")
        whole, _, _ = load(self.folder / "student/checkpoint.pt")
        cut, _, _ = load(self.folder / "cut/checkpoint.pt")
        for (name, one), other in zip(whole.state_dict().items(), cut.state_dict().values()):
            self.assertTrue(torch.allclose(one.float(), other.float(), atol=1e-5), name)

    def test_a_run_that_is_not_over_is_not_used(self):
        data = Dataset(self.folder / "world")
        Run(Recipe(size="tiny", steps=4, batch=16), data, self.folder / "begun").save()
        with self.assertRaisesRegex(SystemExit, "step 0 of 4"):
            load(self.folder / "begun/checkpoint.pt")

    def test_another_recipe_does_not_go_on_in_the_same_folder(self):
        command = [
            sys.executable,
            TRAINING / "train.py",
            "--out",
            self.folder / "student",
            *self.student,
            "--rate",
            "1e-4",
        ]
        result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        self.assertIn("another recipe", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_the_file_for_the_daemon_holds_every_branch_and_its_vocabulary(self):
        path = self.folder / "student.safetensors"
        with self.assertRaises(subprocess.CalledProcessError, msg="it ended at 32 pixels"):
            run("export.py", self.folder / "student/checkpoint.pt", path)
        run(
            "train.py",
            "--data",
            self.folder / "world",
            "--out",
            self.folder / "whole",
            "--size",
            "tiny",
            "--steps",
            2,
            "--batch",
            8,
            "--phases",
            "32x40:0.5,256x77:0.5",
        )
        run("export.py", self.folder / "whole/checkpoint.pt", path)
        model, vocabulary = golden.read(path)
        trained, its_vocabulary, _ = load(self.folder / "whole/checkpoint.pt")
        rows, ends = (torch.from_numpy(array) for array in vocabulary.encode(["a red van at night"], 77))
        self.assertEqual(vocabulary.ids, its_vocabulary.ids)
        with torch.no_grad():
            likeness = model.encode_texts(rows, ends) @ trained.encode_texts(rows, ends).T
            picture = torch.rand(1, 3, 256, 256)
            likeness = torch.minimum(likeness, model.encode_images(picture) @ trained.encode_images(picture).T)
        self.assertGreater(likeness.item(), 0.9999)
        with safe_open(path, "pt") as file:
            ids = file.get_tensor("text_encoder.embedding_layer.token_ids").tolist()
            self.assertEqual(ids, sorted(set(ids)))
            self.assertTrue({0, 49_406, 49_407} <= set(ids))
            self.assertEqual(file.get_tensor("text_encoder.embedding_layer.weight").shape[0], len(ids) + 1)
            self.assertIn("image_encoder.model.patch_embed.0.rbr_scale.conv.weight", file.keys())

    def test_judgement(self):
        held_out = ("--data", self.folder / "held-out", "--pictures", 58, "--retrieval", 10, "--pairs", 20)
        picture = self.folder / "confusion.png"
        report = json.loads(
            run("evaluate.py", self.folder / "student/checkpoint.pt", *held_out, "--confusion", picture)
        )
        self.assertEqual(report["pictures"], 58)
        self.assertTrue(0 <= report["recall_unseen"] <= 1)
        self.assertTrue(0 <= report["twins"]["all"] <= 1)
        self.assertTrue(picture.read_bytes().startswith(b"\x89PNG"))

    def test_ablation(self):
        out = self.folder / "ablation"
        run(
            "ablate.py",
            "--data",
            self.folder / "reinforced",
            "--held-out",
            self.folder / "held-out",
            "--out",
            out,
            "--size",
            "tiny",
            "--steps",
            2,
            "--batch",
            16,
            "--phases",
            "32x40:1",
            "--seeds",
            1,
            "--pictures",
            58,
            "--retrieval",
            10,
            "--pairs",
            20,
        )
        table = (out / "table.md").read_text().splitlines()
        self.assertEqual(len(table), 2 + 5)
        self.assertTrue((out / "plot.png").exists())


if __name__ == "__main__":
    unittest.main()
