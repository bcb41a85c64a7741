// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is held to the same rules; SwiftPM does not apply them to the dependencies.
let ours: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// The arrows of the architecture (`Sources/README.md`). TidyTests reads the sources and fails when an import goes against them.
let package = Package(
    name: "supportmeter",
    products: [.executable(name: "supportmeter", targets: ["supportmeter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSpreadsheet", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "Postgres", dependencies: ["CPostgres", logging], swiftSettings: ours),
        .target(name: "Curl", dependencies: ["CCurl", logging], swiftSettings: ours),
        .target(name: "Spreadsheet", dependencies: ["CSpreadsheet"], swiftSettings: ours),
        .target(name: "Domain", swiftSettings: ours),
        .target(name: "CSchema"),
        .target(name: "CConsole", exclude: ["README.md", "templates", "static", "languages"]),
        .target(name: "Store", dependencies: ["CSchema", "Postgres", "Domain", logging, crypto, cryptoExtras], swiftSettings: ours),
        .target(name: "OrderFeed", dependencies: ["Store", "Curl", "Domain", logging, lifecycle, crypto], swiftSettings: ours),
        .target(name: "Channels", dependencies: ["Store", "Curl", "Domain", logging, lifecycle, crypto], swiftSettings: ours),
        .target(name: "Reports", dependencies: ["Store", "Spreadsheet", "Domain", logging, crypto], swiftSettings: ours),
        .target(
            name: "Web",
            dependencies: [
                "CConsole", "Reports", "Store", "Domain", logging, lifecycle, crypto, hummingbird, hummingbirdCore, nioCore, nioHTTPTypes,
                httpTypes, mustache, yams,
            ],
            swiftSettings: ours),
        .target(name: "DemoShop", dependencies: [logging, lifecycle, crypto, hummingbird, hummingbirdTLS], swiftSettings: ours),
        .executableTarget(
            name: "supportmeter",
            dependencies: [
                "Web", "OrderFeed", "Channels", "Reports", "Store", "Curl", "Postgres", "Domain", "DemoShop",
                logging, lifecycle, unixSignals, arguments, yams, nioCore,
            ],
            swiftSettings: ours),

        .target(
            name: "TestSupport", dependencies: ["Store", "Postgres", "Domain", "Curl", logging], path: "Tests/TestSupport",
            swiftSettings: ours),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestSupport"], swiftSettings: ours),
        .testTarget(
            name: "DemoShopTests", dependencies: ["DemoShop", "TestSupport", logging, lifecycle], exclude: ["Recordings"], swiftSettings: ours),
        .testTarget(name: "CurlTests", dependencies: ["Curl", "TestSupport"], swiftSettings: ours),
        .testTarget(name: "DomainTests", dependencies: ["Domain", "TestSupport"], swiftSettings: ours),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Postgres", "Domain", "TestSupport", logging], swiftSettings: ours),
        .testTarget(
            name: "OrderFeedTests",
            dependencies: ["OrderFeed", "DemoShop", "Store", "Postgres", "Curl", "Domain", "TestSupport", logging, lifecycle, crypto],
            swiftSettings: ours),
        .testTarget(name: "ChannelsTests", dependencies: ["Channels", "TestSupport", hummingbird, lifecycle], swiftSettings: ours),
        .testTarget(
            name: "ReportsTests", dependencies: ["Reports", "Store", "Postgres", "Spreadsheet", "Domain", "TestSupport", logging], exclude: ["Golden", "Readers"],
            swiftSettings: ours),
        .testTarget(
            name: "WebTests", dependencies: ["Web", "Reports", "Store", "Domain", "Postgres", "Curl", "TestSupport", logging, lifecycle],
            swiftSettings: ours),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "supportmeter", "OrderFeed", "DemoShop", "Reports", "Store", "Domain", "Postgres", "TestSupport", "Curl", logging, lifecycle,
            ],
            swiftSettings: ours),
        .testTarget(
            name: "BrowserTests", dependencies: ["supportmeter", "DemoShop", "Store", "Domain", "Postgres", "TestSupport", logging, lifecycle],
            swiftSettings: ours),
        .testTarget(name: "TidyTests", swiftSettings: ours),
    ],
    swiftLanguageModes: [.v6]
)
