import Foundation
import MobileCLIP
import TestSupport
import Testing

/// Models that have learned a part of the vocabulary.
@Suite("Token embeddings")
struct TokenEmbeddingTests {
    private static let texts = ["a parcel on a doorstep", "two people", "a black dog, at night!"]
    /// The tokens of the texts, and what every text needs.
    private static let learned = Set(texts.flatMap { Tokenizer().tokens(of: $0) } + [0]).sorted()

    private func open(_ model: SmallModel) throws -> Model {
        try Model(MadeUpModel.open(model.entries()))
    }

    @Test("a sparse model gives the embeddings of a dense one with the same rows, and is otherwise the same")
    func sparse() throws {
        let dense = try open(.bundled(learned: nil))
        let sparse = try open(.bundled(learned: Self.learned))
        #expect(sparse.variant == dense.variant)
        #expect(sparse.variant.name == "MCi 1-1-2-1 24-48-96-192")
        #expect(try sparse.imageTower() == dense.imageTower())
        let (one, other) = (try sparse.makeTextEncoder(), try dense.makeTextEncoder())
        #expect(one.embeddingWidth == 256)
        #expect(sparse.embeddingWidth == 256 && dense.embeddingWidth == 256)
        #expect(sparse.learnedTokens == Self.learned.count && dense.learnedTokens == Tokenizer.vocabularySize)
        for text in Self.texts {
            let embedding = one.encode(text)
            #expect(embedding == other.encode(text))
            let tokens = Tokenizer().tokens(of: text)
            let padded = tokens + [Int](repeating: 0, count: 77 - tokens.count)
            #expect(difference(embedding, Reference.embedding(of: padded, try sparse.textTower())) < 1e-4)
        }
        // All that is not learned is the token of the shared row, whichever it is.
        let unknown = [Tokenizer.start, 1000, 30000, Tokenizer.end]
        let shared = [Tokenizer.start, 1, 1, Tokenizer.end]
        #expect(one.encode(tokens: unknown) { _, _ in } == other.encode(tokens: shared) { _, _ in })
        #expect(one.encode(tokens: unknown) { _, _ in } != other.encode(tokens: unknown) { _, _ in })
    }

    @Test("the bundled model's sizes run on every instruction set as the plain loops do")
    func fastPath() throws {
        try FastPath.expectPlain(try open(.bundled(learned: Self.learned)), within: 1e-4)
    }

    @Test("words that a model has not learned are named, each once")
    func words() throws {
        let tokenizer = try open(.bundled(learned: Self.learned)).makeTokenizer()
        #expect(tokenizer.complaints(about: Self.texts).isEmpty)
        #expect(tokenizer.complaints(about: ["A  Parcel"]).isEmpty)
        #expect(
            tokenizer.complaints(about: ["a zebra on the doorstep"]) == [
                "“a zebra on the doorstep”: the model never learned the words “zebra”, “the”; say it in other words, or "
                    + "use a model that knows more"
            ]
        )
        #expect(tokenizer.complaint(about: "a zebra, a zebra")?.contains("the word “zebra”;") == true)
        #expect(tokenizer.complaint(about: "q r s t u v w")?.contains("and 2 more;") == true)
        #expect(tokenizer.complaint(about: "a parcel – (on a doorstep) ☂!!") == nil)
        #expect(tokenizer.complaint(about: "a parcel 7")?.contains("the word “7”;") == true)
        // What is beyond the context is not heard, whether it was learned or not.
        let cut = String(repeating: "dog ", count: 75) + "zebra"
        #expect(tokenizer.complaint(about: cut) == "it is longer than 75 tokens, and its end is not heard")
        #expect(tokenizer.complaint(about: String(repeating: "dog ", count: 74) + "zebra")?.contains("“zebra”") == true)
        let long = String(repeating: "zebra ", count: 80)
        #expect(tokenizer.complaint(about: long)?.contains("longer") == true)
        #expect(tokenizer.complaint(about: long)?.contains("“zebra”;") == true)
        #expect(Tokenizer().complaint(about: "a zebra on the doorstep") == nil)
    }

    @Test("a token is found among any others, or is not")
    func search() {
        let some = [0, 3, 4, 9, 49406, 49407]
        for token in -1...49408 {
            #expect(TokenEmbedding.index(of: token, in: some) == some.firstIndex(of: token))
        }
        #expect(TokenEmbedding.index(of: 3, in: []) == nil)
    }

    private static let ids = "text_encoder.embedding_layer.token_ids"
    private static let weight = "text_encoder.embedding_layer.weight"

    private func problem(_ ids: CheckpointWriter.Entry?, rows: Int) throws -> String? {
        let weight = CheckpointWriter.Entry(Self.weight, [rows, 64], [Float](repeating: 1, count: rows * 64))
        do {
            _ = try Model(MadeUpModel.open(changing: [Self.weight: weight, Self.ids: ids])).makeTextEncoder()
            return nil
        } catch let error as ModelError {
            return error.problem
        }
    }

    @Test("hostile tokens are refused in words")
    func hostile() throws {
        func problem(_ tokens: [Int32], rows: Int? = nil) throws -> String? {
            try self.problem(.init(Self.ids, tokens), rows: rows ?? tokens.count + 1)
        }
        #expect(try problem([0, 49406, 49407]) == nil)
        for rows in [2, 3, 5, 49408] {
            let shape = try problem([0, 49406, 49407], rows: rows)
            #expect(shape == "tensor \(Self.weight) has the shape [\(rows), 64], not [4, 64] as this model needs")
        }
        #expect(try problem([0, 49406, 49406, 49407])?.contains("not in ascending order") == true)
        #expect(try problem([0, 7, 5, 49406, 49407])?.contains("not in ascending order") == true)
        for outside in [[-1, 0, 49406, 49407], [0, 49406, 49407, 49408], [0, 49406, 49407, .max], [.min, 0]]
            as [[Int32]]
        {
            #expect(try problem(outside)?.contains("outside of 0..<49408") == true)
        }
        #expect(try problem([5, 49406, 49407])?.contains("without the token 0,") == true)
        #expect(try problem([0, 49407])?.contains("without the token 49406,") == true)
        #expect(try problem([0, 49406])?.contains("without the token 49407,") == true)
        #expect(
            try self.problem(.init(Self.ids, [3], [0, 49406, 49407]), rows: 4)?.contains("of type F32, not I32") == true
        )
        let matrix = CheckpointWriter.Entry(name: Self.ids, shape: [1, 3], type: .int32) { Data(count: 12) }
        #expect(try self.problem(matrix, rows: 4)?.contains("has the shape [1, 3], not [any]") == true)
        let empty = CheckpointWriter.Entry(name: Self.ids, shape: [0], type: .int32) { Data() }
        #expect(try self.problem(empty, rows: 1)?.contains("is empty") == true)
        #expect(try self.problem(nil, rows: 4)?.contains("[4, 64], not [49408, 64]") == true)
    }

    @Test("a model's files are looked for where its program was installed or built")
    func besideProgram() {
        #expect(ModelFiles.besideProgram("/opt/s/bin/scenewatch") == ["/opt/s/share/scenewatch/models"])
        #expect(ModelFiles.besideProgram("/home/a/sw/.build/x/release/scenewatch") == ["/home/a/sw/Config/models"])
        #expect(ModelFiles.besideProgram("/home/a/scenewatch").isEmpty)
        #expect(ModelFiles.besideProgram("/home/a/.builds/x/scenewatch").isEmpty)
        #expect(ModelFiles.besideProgram("/home/a/.build-install/release/scenewatch").isEmpty)
        #expect(
            ModelFiles.besideProgram("/home/a/.build-install/root/usr/bin/scenewatch")
                == ["/home/a/.build-install/root/usr/share/scenewatch/models"]
        )
        #expect(ModelFiles.besideProgram(nil).isEmpty)
        #expect(ModelFiles.folders.contains("/usr/share/scenewatch/models"))
        #expect(Set(ModelFiles.folders).count == ModelFiles.folders.count)
    }
}
