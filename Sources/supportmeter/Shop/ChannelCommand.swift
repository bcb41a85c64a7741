import ArgumentParser
import Domain
import Store

struct ChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "What credits are of: email, sms, video, and others as data.",
        subcommands: [ChannelAddCommand.self, ChannelListCommand.self, ChannelSetCommand.self, ChannelRetireCommand.self])
}

/// What one credit of a channel is.
struct RuleFlags: ParsableArguments {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case perUnit = "per-unit"
        case smsMessage = "sms-message"
        case smsSegments = "sms-segments"
        case videoCall = "video-call"
        case videoMinutes = "video-minutes"
    }

    @Option(help: "What one credit is.")
    var rule: Kind?

    @Option(help: ArgumentHelp("Of video-minutes: the started minutes that one credit pays for.", valueName: "minutes"))
    var perMinutes: Int?

    @Option(help: ArgumentHelp("Of video-minutes: the credits of a call at least (default: 1).", valueName: "credits"))
    var minimumUnits: Int64?

    @Option(help: ArgumentHelp("Of video-minutes: a call up to so long is free (default: 0).", valueName: "seconds"))
    var freeGraceSeconds: Int?

    mutating func validate() throws {
        let isMinutes = rule == .videoMinutes
        if isMinutes, perMinutes == nil { throw ValidationError("--rule video-minutes needs --per-minutes") }
        if !isMinutes, perMinutes != nil || minimumUnits != nil || freeGraceSeconds != nil {
            throw ValidationError("--per-minutes, --minimum-units and --free-grace-seconds belong to --rule video-minutes")
        }
    }

    var unitRule: UnitRule? {
        switch rule {
        case nil: nil
        case .perUnit: .perUnit
        case .smsMessage: .smsMessage
        case .smsSegments: .smsSegments
        case .videoCall: .videoCall
        case .videoMinutes:
            .videoMinutes(perMinutes: perMinutes ?? 1, minimumUnits: minimumUnits ?? 1, freeGraceSeconds: freeGraceSeconds ?? 0)
        }
    }
}

extension ChannelView {
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("channel", channel.rawValue)
            json.field("rule", json: ruleText)
            json.field("rule_version", rule.version)
            json.field("retired", isRetired)
        }
    }

    /// What one credit is, for people.
    var ruleSentence: String {
        switch rule.rule {
        case .perUnit: "each piece of work"
        case .smsMessage: "each SMS"
        case .smsSegments: "each segment of an SMS"
        case .videoCall: "each call"
        case .videoMinutes(let minutes, let least, let grace):
            "each started \(minutes) min, at least \(least)" + (grace > 0 ? ", free up to \(grace) s" : "")
        }
    }
}
