import Store

/// What the demo's people say, in a language.
struct DemoTexts: Sendable {
    let questions: [String]
    let short: [String]
    let answers: [String]
    let shortAnswers: [String]
    /// What an agent notes when nothing is left.
    let note: String

    /// By how the customer writes their name, and where their telephone is.
    static func of(_ customer: CustomerView) -> DemoTexts {
        if customer.name?.unicodeScalars.contains(where: { (0x0400...0x04FF).contains($0.value) }) == true { return russian }
        switch customer.phone?.prefix(4) {
        case "+386": return slovenian
        case "+372": return estonian
        case "+48 ": return polish
        default: return english
        }
    }

    private static let slovenian = DemoTexts(
        questions: [
            "Pozdravljeni,\n\nod včeraj se ne morem več prijaviti v trgovino. Po vpisu gesla vidim samo prazno stran. Ali mi lahko pomagate?\n\nHvala in lep pozdrav",
            "Dober dan!\nNa računu je napačen naslov podjetja – kako ga popravim?\nHvala.",
            "Pozdravljeni, kdaj bi bil mogoč videoklic? Najraje v četrtek po 16. uri.",
        ],
        short: ["Še vedno ne dela. Me lahko pokličete?", "Hvala, zdaj je v redu!"],
        answers: [
            "Pozdravljeni,\n\nprijavo smo popravili. Prosim, izbrišite piškotke in poskusite še enkrat; če ne bo šlo, se slišimo.\n\nLep pozdrav",
            "Dober dan,\n\nnaslov lahko spremenite v računu pod »Moji podatki«. Račun pošljemo znova še danes.\n\nLep pozdrav",
        ],
        shortAnswers: ["Popravljeno. Prosim, poskusite še enkrat.", "Pokličemo vas danes po 15. uri."], note: "Dobroimetja ni več; stranki ponuditi dopolnitev.")
    private static let estonian = DemoTexts(
        questions: [
            "Tere!\n\nTellimuse kinnitus ei jõudnud minuni. Kas saate kontrollida, kas e-posti aadress on õige?\n\nLugupidamisega",
            "Tere, pood näitab hindu ilma käibemaksuta. Kuidas seda muuta?\nAitäh!",
        ],
        short: ["Kas keegi saaks mulle helistada?", "Aitäh, nüüd töötab!"],
        answers: [
            "Tere!\n\nAadress oli õige, kiri jäi rämpsposti. Saatsime selle uuesti.\n\nHead päeva!",
            "Tere!\n\nHinnad on nüüd käibemaksuga. Palun värskendage lehte.\n\nHead päeva!",
        ],
        shortAnswers: ["Helistame täna kell 15.", "Korras, palun proovige uuesti."], note: "Krediit on otsas; pakkuda lisapaketti.")
    private static let polish = DemoTexts(
        questions: [
            "Dzień dobry,\n\npo aktualizacji sklepu zniknęły zdjęcia produktów. Proszę o pilną pomoc, bo klienci rezygnują z zakupów.\n\nPozdrawiam",
            "Dzień dobry, czy mogę przenieść sklep na inny serwer w ramach mojego pakietu?",
        ],
        short: ["Nadal nie działa, proszę o telefon.", "Dziękuję, już wszystko działa!"],
        answers: [
            "Dzień dobry,\n\nzdjęcia już wróciły – brakowało uprawnień do folderu. Proszę odświeżyć stronę.\n\nPozdrawiam",
            "Dzień dobry,\n\ntak, przeniesienie mieści się w pakiecie. Kiedy możemy zacząć?\n\nPozdrawiam",
        ],
        shortAnswers: ["Naprawione, proszę spróbować jeszcze raz.", "Zadzwonimy dziś po 15."], note: "Brak kredytów; zaproponować doładowanie.")
    private static let russian = DemoTexts(
        questions: [
            "Здравствуйте!\n\nПосле оплаты заказа ничего не происходит, страница просто обновляется. Посмотрите, пожалуйста.\n\nСпасибо",
            "Добрый день! Как добавить второй язык в магазин? Нужны русский и эстонский.",
        ],
        short: ["Всё ещё не работает. Перезвоните, пожалуйста.", "Спасибо, теперь всё хорошо!"],
        answers: [
            "Здравствуйте!\n\nПлатёжный модуль был отключён, мы его включили. Проверьте, пожалуйста, ещё раз.\n\nС уважением",
            "Добрый день!\n\nВторой язык добавлен. Переводы можно править в настройках.\n\nС уважением",
        ],
        shortAnswers: ["Исправили, попробуйте ещё раз.", "Позвоним сегодня после 15:00."], note: "Кредиты закончились; предложить пополнение.")
    private static let english = DemoTexts(
        questions: [
            "Hello,\n\nsince this morning the checkout page shows “<error 500>” after the address step. Could you have a look? We are losing orders & patience.\n\nKind regards",
            "Hi there,\nhow do I change the VAT rate for Malta? I can't find it anywhere.\nThanks!",
        ],
        short: ["Still broken. Can someone call me?", "All good now, thank you!"],
        answers: [
            "Hello,\n\na plugin update had failed half-way; we rolled it back and the checkout works again. Please try it.\n\nKind regards",
            "Hi,\n\nit is under Settings, Tax, Standard rates. We have added Malta for you.\n\nKind regards",
        ],
        shortAnswers: ["Fixed, please try again.", "We will call you today after 3 pm."], note: "Nothing left; offer a top-up.")
}
