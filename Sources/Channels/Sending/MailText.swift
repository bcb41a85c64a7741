import Foundation
import Store

/// An e-mail as a file: RFC 5322 headers, RFC 2047 words for what is not ASCII, one plain text part (RFC 2045, base64).
///
/// The same message always gives the same bytes, so that writing it twice changes nothing.
struct MailText {
    let message: SendingMessage

    /// RFC 2606: a domain that nobody has, until a mail server is set up.
    private static let domain = "supportmeter.invalid"
    /// RFC 2045: characters of a line of base64.
    private static let base64LineMax = 76
    /// Bytes of text in one encoded word, so that it stays within RFC 2047's 75 characters.
    private static let wordBytesMax = 42

    var bytes: [UInt8] {
        let sender = [message.agentName, message.shopName].compactMap { $0 }.joined(separator: ", ")
        var headers = [
            "From: \(Self.address(name: sender, "\(message.shopSlug)@\(Self.domain)"))",
            "To: \(Self.address(name: message.toName, message.to))",
            "Subject: \(Self.words("\(message.subject) [#\(message.claim.ticket)]"))",
            "Date: \(Self.date(message.claim.createdAt))",
            "Message-ID: <\(message.messageID)@\(Self.domain)>",
        ]
        if let answered = message.inReplyTo, answered.hasPrefix("<"), answered.hasSuffix(">"), Self.isPlain(answered) {
            headers.append("In-Reply-To: \(answered)")
            headers.append("References: \(answered)")
        }
        headers += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "Auto-Submitted: no"]
        let text = message.body.split(separator: "\n", omittingEmptySubsequences: false).map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
        let body = Data((text.joined(separator: "\r\n") + "\r\n").utf8).base64EncodedString()
        return Array((headers + [""] + Self.lines(body) + [""]).joined(separator: "\r\n").utf8)
    }

    private static func address(name: String?, _ address: String) -> String {
        let clean = String(address.unicodeScalars.filter { $0.value > 0x20 && $0 != "<" && $0 != ">" && $0 != "," }.map(Character.init))
        guard let name, !name.isEmpty else { return clean }
        return "\(words(name, isPhrase: true)) <\(clean)>"
    }

    /// Text as it is when it is plain, else as encoded words, each of whole characters.
    private static func words(_ text: String, isPhrase: Bool = false) -> String {
        let line = String(text.map { $0.isNewline || $0.asciiValue.map { $0 < 0x20 || $0 == 0x7F } == true ? " " : $0 })
        if isPlain(line), line.utf8.count <= wordBytesMax * 4, !line.contains("=?") {
            return isPhrase ? "\"\(line.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\""))\"" : line
        }
        var words: [String] = []
        var part = ""
        for scalar in line.unicodeScalars {
            if part.utf8.count + UTF8.width(scalar) > wordBytesMax {
                words.append(part)
                part = ""
            }
            part.unicodeScalars.append(scalar)
        }
        if !part.isEmpty { words.append(part) }
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7E).contains($0) } }

    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            lines.append(String(rest.prefix(base64LineMax)))
            rest = rest.dropFirst(base64LineMax)
        }
        return lines
    }

    private static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
