import SpokenLanguage
import Testing

@Suite struct ForeignSpeechTests {
    @Test(arguments: [
        ("bonjour je voudrais savoir le prix s'il vous plaît", "fr"),
        ("est-ce que je peux parler à quelqu'un en français", "fr"),
        ("buonasera vorrei parlare con qualcuno", "it"),
        ("non parlo inglese mi dispiace", "it"),
        ("boa tarde eu gostaria de falar com alguém", "pt"),
        ("não entendo o que você fala", "pt"),
        ("goedemorgen ik spreek geen engels", "nl"),
        ("dzień dobry czy ktoś mówi po polsku", "pl"),
        ("merhaba türkçe biliyor musunuz lütfen", "tr"),
        ("mujhe hindi mein baat karni hai", "hi"),
        ("मुझे मदद चाहिए", "hi"),
        ("أريد التحدث مع شخص ما", "ar"),
        ("здравствуйте, сколько это стоит", "ru"),
        ("добрий день, чи є хтось українською", "uk"),
        ("我想知道价格", "zh"),
        ("日本語でお願いします", "ja"),
        ("한국어 하시는 분 계세요", "ko"),
        ("hej jag vill gärna veta vad det kostar", "sv"),
        ("dobrý den, potřebuji více informací", "cs"),
        ("καλημέρα σας, μιλάτε ελληνικά", "el"),
    ])
    func `a language that is not understood is told by its letters and its small words`(
        _ said: String, _ language: String
    ) {
        #expect(ForeignSpeech.language(of: SpokenText(said)) == language)
    }

    @Test(arguments: [
        "hello I would like to know the price",
        "what is your budget",
        "hola quisiera saber el precio por favor",
        "guten Tag ich möchte wissen was das kostet",
        "my name is Giovanni Di Lorenzo",
        "we are the Café de la Paix in Paris",
        "bon voyage and thanks for the call",
        "J O S E P H I N E",
        "yes",
        "",
        "I do not want any information about a demo",
        "no me llame más",
        "rufen Sie mich nicht mehr an",
        "the email is m a r i a at web dot de",
        "ok ciao",
        "we sell pizza and pasta",
        "Amazon or Google I don't know",
    ])
    func `English, Spanish and German are understood, and names and loanwords are no language`(_ said: String) {
        #expect(ForeignSpeech.language(of: SpokenText(said)) == nil)
    }
}
