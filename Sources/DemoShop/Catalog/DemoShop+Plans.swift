extension DemoShop {
    /// The plans of the shop `demo` for what this shop sells, as `supportmeter plan import` reads them.
    public static let plansYAML = """
        plans:
          - shop: demo
            name: Podpora START
            match: { sku: [SUP-START], product_id: [11], variation_id: [] }
            credits: { email: 5, sms: 5, video: 1 }
            prices: { email: 300, sms: 100, video: 2500 }
            valid_days: 90
            ticket: new
            priority: normal
            low: { email: 2, sms: 1 }
            overdraft: 0
            top_up_url: https://shop.example/product/podpora-start
          - shop: demo
            name: Podpora PRO
            match: { sku: [SUP-PRO], product_id: [12], variation_id: [] }
            credits: { email: 20, sms: 20, video: 4 }
            prices: { email: 300, sms: 100, video: 2500 }
            valid_days: 365
            ticket: new
            priority: high
            low: { email: "20%", sms: "20%", video: 1 }
            overdraft: 0
            top_up_url: https://shop.example/product/podpora-pro
          - shop: demo
            name: Video svetovanje
            match: { sku: [SUP-VIDEO], product_id: [13], variation_id: [] }
            credits: { video: 3 }
            prices: { video: 3300 }
            valid_days: 180
            ticket: new
            priority: normal
            low: { video: 1 }
            overdraft: 0
            top_up_url: https://shop.example/product/video-svetovanje
          - shop: demo
            name: Podpora FLEX 10
            match: { sku: [SUP-FLEX-10], product_id: [], variation_id: [19] }
            credits: { email: 10 }
            prices: { email: 800 }
            ticket: top-up
            priority: normal
            low: { email: 2 }
            overdraft: 0
            top_up_url: https://shop.example/product/podpora-flex
          - shop: demo
            name: Podpora FLEX 50
            match: { sku: [SUP-FLEX-50], product_id: [], variation_id: [20] }
            credits: { email: 50 }
            prices: { email: 700 }
            ticket: top-up
            priority: normal
            low: { email: "10%" }
            overdraft: 0
            top_up_url: https://shop.example/product/podpora-flex

        """
}
