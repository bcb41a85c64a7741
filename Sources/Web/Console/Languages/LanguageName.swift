/// What speakers call their language, for the languages that customers of European shops write in (ISO 639-1).
enum LanguageName {
    private static let names = [
        "bg": "Български", "bs": "Bosanski", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "es": "Español", "fi": "Suomi",
        "fr": "Français", "ga": "Gaeilge", "hr": "Hrvatski", "hu": "Magyar", "is": "Íslenska", "it": "Italiano", "lt": "Lietuvių", "lv": "Latviešu",
        "mk": "Македонски", "mt": "Malti", "nb": "Norsk", "nl": "Nederlands", "no": "Norsk", "pt": "Português", "ro": "Română", "sk": "Slovenčina",
        "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська",
    ]

    /// `Slovenščina` for `sl`; a code that is not known in capitals.
    static func own(_ code: String) -> String { Language(rawValue: code)?.ownName ?? names[code] ?? code.uppercased() }
}
