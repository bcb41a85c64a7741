import CryptoExtras
enum StorePlaceholder {}
