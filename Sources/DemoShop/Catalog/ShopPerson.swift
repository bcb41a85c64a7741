/// Somebody who buys in the demo shop. All are made up; addresses end in `example.com`.
public struct ShopPerson: Sendable, Equatable {
    /// The shop's customer id; 0 is a guest.
    public var customerID: Int
    public var firstName: String
    public var lastName: String
    public var company: String
    public var street: String
    public var city: String
    public var postcode: String
    /// ISO 3166 alpha-2.
    public var country: String
    public var email: String
    public var phone: String
    public var language: ShopLanguage

    public init(
        customerID: Int = 0, firstName: String, lastName: String, company: String = "", street: String = "Čopova ulica 3",
        city: String = "Ljubljana", postcode: String = "1000", country: String = "SI", email: String,
        phone: String = "+386 40 123 456", language: ShopLanguage = .slovenian
    ) {
        self.customerID = customerID
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.street = street
        self.city = city
        self.postcode = postcode
        self.country = country
        self.email = email
        self.phone = phone
        self.language = language
    }

    /// The guest of the first recorded order.
    public static let guest = ShopPerson(firstName: "Žiga 🚀", lastName: "Černe 👩‍💻", email: "ziga+test@example.com")
}
