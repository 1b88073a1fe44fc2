// swift-tools-version: 6.1

import PackageDescription

let package = Package(
    name: "scenewatch",
    products: [
        .executable(name: "scenewatchd", targets: ["scenewatchd"]),
        .executable(name: "scenewatch", targets: ["scenewatch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        // Programs
        .executableTarget(
            name: "scenewatchd",
            dependencies: [
                "Configuration", "Pipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "scenewatch",
            dependencies: [
                "Capture", "Configuration", "Evaluation", "EventSocket", "Imaging", "Journal", "Matching", "MobileCLIP",
                "ModelHub", "Pipeline", "Showing",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // The house, from the roof down
        .target(
            name: "Pipeline",
            dependencies: [
                "Capture", "CMalloc", "Configuration", "EventSocket", "Hooks", "Imaging", "Journal", "Matching",
                "MobileCLIP", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .target(name: "Showing", dependencies: ["Configuration", "EventSocket", "Imaging"]),
        .target(
            name: "EventSocket",
            dependencies: [
                "Configuration",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .target(name: "Hooks", dependencies: ["CSpawn", .product(name: "Logging", package: "swift-log")]),
        .target(
            name: "Journal",
            dependencies: [
                "Kernels", "Sketch", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Evaluation"),
        .target(name: "Matching", dependencies: ["Configuration", "Kernels"]),
        .target(
            name: "MobileCLIP",
            dependencies: ["CVocabulary", "Kernels", .product(name: "Crypto", package: "swift-crypto")]
        ),
        .target(name: "ModelHub", dependencies: ["CCurl", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Sketch", dependencies: ["Kernels"]),
        .target(name: "Kernels"),
        .target(name: "Imaging", dependencies: ["CJPEG", "CPNG"]),
        .target(name: "Capture", dependencies: ["CVideo"]),
        .target(name: "Configuration", dependencies: ["Imaging", .product(name: "Yams", package: "Yams")]),

        // System headers and data
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("pthread")]),
        .target(name: "CVocabulary", exclude: ["bpe_simple_vocab_16e6.txt", "NOTICE.txt"]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
        .target(name: "CSpawn"),
        .target(name: "CVideo", linkerSettings: [.linkedLibrary("v4lconvert")]),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: ["EventSocket", "MobileCLIP", .product(name: "NIOCore", package: "swift-nio")],
            path: "Tests/TestSupport",
            exclude: ["Reference"]
        ),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "Configuration", "EventSocket", "Imaging", "Journal", "Matching", "MobileCLIP", "Pipeline",
                "TestSupport", "scenewatch", "scenewatchd",
            ],
            exclude: ["model_hub.py"]
        ),
        .testTarget(name: "CaptureTests", dependencies: ["Capture", "CVideo", "TestSupport"]),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"]),
        .testTarget(name: "EvaluationTests", dependencies: ["Evaluation"]),
        .testTarget(
            name: "EventSocketTests",
            dependencies: [
                "EventSocket", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Imaging", "MobileCLIP", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Fuzz",
            exclude: ["Corpus"]
        ),
        .testTarget(name: "HooksTests", dependencies: ["Hooks", .product(name: "Logging", package: "swift-log")]),
        .testTarget(name: "ImagingTests", dependencies: ["Imaging", "TestSupport"], resources: [.copy("Fixtures")]),
        .testTarget(
            name: "JournalTests",
            dependencies: [
                "Journal", "Sketch", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
        .testTarget(name: "MatchingTests", dependencies: ["Configuration", "Matching", "TestSupport"]),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Capture", "Configuration", "EventSocket", "Imaging", "Journal", "Matching", "Pipeline", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "scale",
            dependencies: [
                "Configuration", "Journal", "Matching", "Pipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Scale"
        ),
        .testTarget(name: "SketchTests", dependencies: ["Kernels", "Sketch", "TestSupport"]),
        .testTarget(name: "ShowingTests", dependencies: ["Configuration", "EventSocket", "Imaging", "Showing"]),
        .testTarget(
            name: "ModelHubTests",
            dependencies: ["ModelHub", .product(name: "Crypto", package: "swift-crypto")]
        ),
        .testTarget(name: "MobileCLIPTests", dependencies: ["Imaging", "MobileCLIP", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
