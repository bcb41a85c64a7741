extension ShopPerson {
    /// The demo shop's customers in five languages; every third buys as a guest.
    public static let everyone: [ShopPerson] = rows.enumerated().map { place, row in
        ShopPerson(
            customerID: place % 3 == 2 ? 0 : place + 2, firstName: row[0], lastName: row[1], company: row[2], street: row[3],
            city: row[4], postcode: row[5], country: row[6], email: row[7], phone: row[8],
            language: ShopLanguage(rawValue: row[9]) ?? .english)
    }

    private static let rows: [[String]] = [
        ["Ana", "Žnidaršič", "", "Čopova ulica 3", "Ljubljana", "1000", "SI", "ana.znidarsic@example.com", "+386 40 123 456", "sl"],
        [
            "Luka", "Černe", "Černe & hči d.o.o.", "Škofjeloška cesta 12", "Kranj", "4000", "SI", "Luka.Cerne@example.com",
            "+386 31 555 101", "sl",
        ],
        ["Špela", "Križaj", "", "Gosposvetska 7", "Maribor", "2000", "SI", "spela.krizaj@example.com", "+386 51 555 202", "sl"],
        ["Matjaž", "Šuštaršič", "", "Prešernova ulica 21", "Celje", "3000", "SI", "matjaz@example.com", "+386 41 555 303", "sl"],
        ["Urška", "Vovk Žagar", "Žaga d.d.", "Ob Krki 5", "Novo mesto", "8000", "SI", "urska.vovk@example.com", "+386 70 555 404", "sl"],
        ["Tõnu", "Jõgi", "", "Kõue tänav 4", "Tallinn", "10115", "EE", "tonu.jogi@example.com", "+372 5555 0101", "et"],
        ["Piret", "Väljas", "Sügisöö OÜ", "Ülikooli 18", "Tartu", "50090", "EE", "piret.valjas@example.com", "+372 5555 0202", "et"],
        ["Ülle", "Õunapuu", "", "Pärna põik 2", "Pärnu", "80010", "EE", "ulle@example.com", "+372 5555 0303", "et"],
        ["Märt", "Käär", "", "Võidu 9", "Võru", "65609", "EE", "Mart.Kaar@Example.com", "+372 5555 0404", "et"],
        ["Łukasz", "Źdźbło", "", "ul. Święty Marcin 40", "Poznań", "61-807", "PL", "lukasz.zdzblo@example.com", "+48 600 555 101", "pl"],
        [
            "Małgorzata", "Wójcik", "Żółw Sp. z o.o.", "ul. Długa 15", "Gdańsk", "80-831", "PL", "m.wojcik@example.com", "+48 600 555 202",
            "pl",
        ],
        ["Grzegorz", "Brzęczyszczykiewicz", "", "ul. Główna 1", "Łódź", "90-001", "PL", "grzegorz@example.com", "+48 600 555 303", "pl"],
        ["Zofia", "Ćwiklińska", "", "al. Jerozolimskie 55", "Warszawa", "00-697", "PL", "zofia@example.com", "+48 600 555 404", "pl"],
        ["Ольга", "Кириллова", "", "ул. Пилес 8", "Вильнюс", "01123", "LT", "olga.kirillova@example.com", "+370 600 55101", "ru"],
        [
            "Дмитрий", "Щербаков", "ООО «Ёлка»", "ул. Бривибас 31", "Рига", "LV-1010", "LV", "d.scherbakov@example.com", "+371 2000 5202",
            "ru",
        ],
        ["Наталья", "Фёдорова", "", "Нарвское шоссе 12", "Таллин", "10127", "EE", "natalja@example.com", "+372 5555 0505", "ru"],
        ["Юрий", "Объедков", "", "ул. Пушкина 3", "Нарва", "20307", "EE", "yuri@example.com", "+372 5555 0606", "ru"],
        [
            "Emily", "O’Connor", "", "14 St Stephen's Green", "Dublin", "D02 X285", "IE", "emily.oconnor@example.com", "+353 85 555 0101",
            "en",
        ],
        [
            "James", "Whitfield-Smythe", "Whitfield & Sons Ltd", "3 Rosemary Lane", "London", "E1 8PX", "GB", "j.whitfield@example.com",
            "+44 7700 900101", "en",
        ],
        ["Zoë", "Ångström", "", "27 King's Road", "Edinburgh", "EH1 1AA", "GB", "ZOE@example.com", "+44 7700 900202", "en"],
        ["Noah", "Brontë", "", "8 Harbour View", "Valletta", "VLT 1117", "MT", "noah@example.com", "+356 7955 0101", "en"],
    ]
}
