enum OrderFeedPlaceholder {}
