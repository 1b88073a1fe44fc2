import Configuration
import Testing

@Suite struct NearestNameTests {
    private let names = ["model", "cameras", "triggers", "prompt", "precision", "use", "rate"]

    @Test(arguments: [
        ("promt", "prompt"), ("prompts", "prompt"), ("rpompt", "prompt"), ("camera", "cameras"), ("MODEL", "model"),
        ("tirggers", "triggers"), ("presicion", "precision"), ("usee", "use"), ("rat", "rate"),
    ])
    func near(_ slip: String, _ meant: String) {
        #expect(nearest(to: slip, among: names) == meant)
    }

    @Test(arguments: ["", "x", "schedule", "at", "gpu", "sue me", String(repeating: "model", count: 40)])
    func far(_ other: String) {
        #expect(nearest(to: other, among: names) == nil)
    }

    @Test func longNamesMayDifferByAThird() {
        #expect(nearest(to: "front-door-cam", among: ["front-door"]) == "front-door")
        #expect(nearest(to: "front-door-camera", among: ["front-door"]) == nil)
    }

    @Test func theFirstOfTheNearest() {
        #expect(nearest(to: "cam-3", among: ["cam-1", "cam-2"]) == "cam-1")
        #expect(nearest(to: "cam-2", among: ["cam-1", "cam-2"]) == "cam-2")
    }
}
