/// A language the demo's people write in; the raw value is its ISO 639 code.
public enum ShopLanguage: String, Sendable, CaseIterable {
    case slovenian = "sl"
    case estonian = "et"
    case polish = "pl"
    case russian = "ru"
    case english = "en"

    /// What a customer may write under an order. Most write nothing.
    var notes: [String] {
        switch self {
        case .slovenian: ["", "", "Prosim, pokličite po 16. uri. Hvala!", "Račun na podjetje, prosim –\nin čim prej, ker čakamo."]
        case .estonian: ["", "", "Palun helistage pärast kella 16. Aitäh!", "Küsimus: kas videokõne saab õhtul? Jõuan koju kell üheksa."]
        case .polish: ["", "", "Proszę dzwonić po 16:00. Dziękuję!", "Proszę o fakturę na firmę – żółta skrzynka, wejście od podwórza."]
        case .russian:
            ["", "", "Пожалуйста, позвоните после 16:00. Спасибо!", "Нужен счёт-фактура на фирму; подъезд № 3, ещё раз спасибо."]
        case .english:
            ["", "", "Please call after 4 pm. Thank you!", "Could you look at the “checkout” page first? It's <urgent> & we're stuck."]
        }
    }

    /// Why the shop gives money back.
    var refundReasons: [String] {
        switch self {
        case .slovenian: ["Stranka ni zadovoljna – 1 paket", "Popust po nakupu", "Dvojno plačilo, žal"]
        case .estonian: ["Klient loobus ühest paketist", "Hüvitis hilinemise eest", "Topeltmakse, vabandust"]
        case .polish: ["Klient zrezygnował z części", "Rabat po zakupie", "Podwójna płatność, przepraszamy"]
        case .russian: ["Клиент отказался от части", "Скидка после покупки", "Двойная оплата, извините"]
        case .english: ["Customer changed their mind", "Goodwill discount", "Paid twice – sorry"]
        }
    }
}
