import Foundation
import TestSupport
import Testing

extension Acceptance {
    /// `scenewatch eval` with the bundled model on frames of the bundled clip, against counts made here from what `embed`
    /// prints.
    @Suite("scenewatch eval")
    struct EvalTests {
        private let model = ReferenceData.configuration("models/smallworld.safetensors")
        private static let classes = ["an empty doorstep", "a dog", "a parcel on the doorstep", "a ladder"]
        /// Which frame is said to be of which class; some are wrong, so that something is to be counted.
        private static let frames = [
            8: 0, 20: 0, 30: 2, 40: 2, 60: 1, 66: 1, 100: 0, 150: 3, 170: 3, 205: 2, 245: 1, 268: 0,
        ]

        private struct Class: Decodable {
            let name: String
            let pictures: Int
            let top1: Int
            let top5: Int
        }

        private struct Classes: Decodable {
            let top1: Double
            let top5: Double
            let pictures: Int
            let broken: Int
            let templates: [String]?
            let classes: [Class]
        }

        private struct Captions: Decodable {
            let pictures: Int
            let captions: Int
            let pictureOfCaption: [String: Double]
            let captionOfPicture: [String: Double]
        }

        /// The clip's frames as files `class/frame.jpg`.
        private func folders(in place: Workplace) throws -> [(path: String, label: Int)] {
            let clip = try Data(contentsOf: URL(fileURLWithPath: ReferenceData.configuration("demo/clip.mjpeg")))
            let pictures = clip.split(at: Data([0xFF, 0xD8, 0xFF]))
            return try Self.frames.sorted { $0.key < $1.key }.map { frame, label in
                let folder = "pictures/" + Self.classes[label].replacing(" ", with: "_")
                try FileManager.default.createDirectory(
                    atPath: place.path(folder),
                    withIntermediateDirectories: true
                )
                try place.write(pictures[frame], as: "\(folder)/\(frame).jpg")
                return (place.path("\(folder)/\(frame).jpg"), label)
            }
        }

        private func embeddings(_ place: Workplace, _ kind: String, _ inputs: [String]) async throws -> [[Double]] {
            struct Line: Decodable { let embedding: [Double] }
            let outcome = try await place.run(Programs.client, ["embed", kind, "--model", model] + inputs)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try outcome.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).embedding }
        }

        private func dot(_ one: [Double], _ other: [Double]) -> Double {
            zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
        }

        private func mean(_ vectors: [[Double]]) -> [Double] {
            let sum = vectors[0].indices.map { index in vectors.reduce(0) { $0 + $1[index] } }
            return sum.map { $0 / norm(sum) }
        }

        private func eval<Report: Decodable>(_ place: Workplace, _ options: [String]) async throws -> Report {
            let arguments = ["eval", place.path("pictures"), "--model", model, "--json"] + options
            let outcome = try await place.run(Programs.client, arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
        }

        @Test("classes by folders: the counts are those of the embeddings, with one template and with several")
        func classes() async throws {
            try await Workplace.with { place in
                let pictures = try folders(in: place)
                let images = try await embeddings(place, "image", pictures.map(\.path))
                for templates in [["a photo of {}"], ["{}", "a photo of {}", "we see {} here"]] {
                    var names: [[Double]] = []
                    for name in Self.classes {
                        let texts = templates.map { $0.replacing("{}", with: name) }
                        names.append(mean(try await embeddings(place, "text", texts)))
                    }
                    let right = zip(images, pictures).filter { image, picture in
                        let scores = names.map { dot($0, image) }
                        return scores.indices.max { scores[$0] < scores[$1] } == picture.label
                    }
                    let report: Classes
                    if templates.count == 1 {
                        report = try await eval(place, [])
                    } else {
                        report = try await eval(place, templates.flatMap { ["--template", $0] })
                    }
                    #expect(report.templates == templates)
                    #expect(report.pictures == pictures.count && report.broken == 0)
                    #expect(abs(report.top1 - Double(right.count) / Double(pictures.count)) < 1e-9)
                    #expect(report.top5 == 1, "there are four classes")
                    #expect(Set(report.classes.map(\.name)) == Set(Self.classes))
                    for entry in report.classes {
                        let label = try #require(Self.classes.firstIndex(of: entry.name))
                        #expect(entry.pictures == pictures.count { $0.label == label })
                        #expect(entry.top1 == right.count { $0.1.label == label })
                    }
                    #expect(right.count > 2 && right.count < pictures.count, "else nothing is proven")
                }
            }
        }

        @Test("broken pictures are named, counted and left out; other names come from a list; the table says it")
        func broken() async throws {
            try await Workplace.with { place in
                let pictures = try folders(in: place)
                try place.write(Data("no picture".utf8), as: "pictures/a_dog/broken.jpg")
                try place.write(Data("no picture".utf8), as: "pictures/a_dog/notes.txt")
                let names = "a_dog\tsomething\na_ladder\ta ladder\na_parcel_on_the_doorstep\ta parcel\n"
                try place.write(Data((names + "an_empty_doorstep\tnothing\n").utf8), as: "names.txt")
                let options = ["--model", model, "--labels", place.path("names.txt")]
                let outcome = try await place.run(Programs.client, ["eval", place.path("pictures")] + options)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.errors.contains("a_dog/broken.jpg: the file is neither a JPEG nor a PNG"))
                #expect(!outcome.errors.contains("notes.txt"))
                let words = "\(pictures.count) pictures of 4 classes, and 1 that cannot be read"
                #expect(outcome.output.contains(words), "\(outcome.output)")
                #expect(outcome.output.contains("CLASS") && outcome.output.contains("something"))

                let report: Classes = try await eval(place, ["--neighbours", "--threads", "1"])
                #expect(report.broken == 1 && report.pictures == pictures.count && report.templates == nil)
                let images = try await embeddings(place, "image", pictures.map(\.path))
                let right = images.indices.filter { own in
                    let others = images.indices.filter { $0 != own }
                    let nearest = others.max { dot(images[$0], images[own]) < dot(images[$1], images[own]) }
                    return nearest.map { pictures[$0].label } == pictures[own].label
                }
                #expect(abs(report.top1 - Double(right.count) / Double(pictures.count)) < 1e-9)
            }
        }

        @Test("captions: recall is that of the embeddings")
        func captions() async throws {
            try await Workplace.with { place in
                let pictures = try folders(in: place)
                let said = [
                    "an empty doorstep", "nobody at the door", "a parcel", "a box on the doorstep", "a black dog",
                    "a dog", "somebody in a red coat", "a ladder", "two people", "a person at the door", "a cat",
                    "night",
                ]
                let lines = zip(pictures, said).map { "\($0.path)\t\($1)" }
                let more = #"{"image": "\#(pictures[2].path)", "captions": ["a parcel on the doorstep"]}"#
                try place.write(Data((lines.joined(separator: "\n") + "\n" + more).utf8), as: "captions.tsv")
                let report: Captions = try await eval(place, ["--captions", place.path("captions.tsv")])
                #expect(report.pictures == 12 && report.captions == 13)

                let images = try await embeddings(place, "image", pictures.map(\.path))
                let texts = try await embeddings(place, "text", said + ["a parcel on the doorstep"])
                let owners = Array(0..<12) + [2]
                for depth in [1, 5, 10] {
                    let found = owners.indices.count { caption in
                        let own = dot(texts[caption], images[owners[caption]])
                        return images.count { dot($0, texts[caption]) > own } < depth
                    }
                    #expect(abs((report.pictureOfCaption["\(depth)"] ?? -1) - Double(found) / 13) < 1e-9)
                    let told = images.indices.count { picture in
                        let own = owners.indices.filter { owners[$0] == picture }
                        let best = own.map { dot(texts[$0], images[picture]) }.max() ?? -1
                        return texts.count { dot($0, images[picture]) > best } < depth
                    }
                    #expect(abs((report.captionOfPicture["\(depth)"] ?? -1) - Double(told) / 12) < 1e-9)
                }
                #expect((report.pictureOfCaption["1"] ?? 1) < 1 && (report.pictureOfCaption["10"] ?? 0) > 0.5)
            }
        }

        @Test("what cannot be evaluated is refused in words")
        func refusals() async throws {
            try await Workplace.with { place async throws in
                let run = { (arguments: [String]) in
                    try await place.run(Programs.client, ["eval", place.folder, "--model", model] + arguments)
                }
                #expect(try await run([]).status == 1)
                #expect(try await run(["--labels", place.path("none")]).errors.contains("none cannot be read"))
                #expect(try await run(["--template", "no place"]).status == 64)
                #expect(try await run(["--captions", "x", "--neighbours"]).status == 64)
            }
        }
    }
}
