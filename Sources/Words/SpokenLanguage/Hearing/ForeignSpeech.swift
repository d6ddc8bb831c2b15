/// Tells which language somebody speaks that is not understood here: by its letters, or by its small words.
package enum ForeignSpeech {
    /// BCP-47; nil for English, Spanish, German, and where it is not clear.
    package static func language(of spoken: SpokenText) -> String? {
        if !spoken.source.utf8.allSatisfy({ $0 < 0x80 }), let script = byScript(spoken.source) { return script }
        guard spoken.words.count > 1 else { return nil }
        var scores: [String: Double] = [:]
        var understood = 0.0
        var count = 0.0
        for word in spoken.texts.prefix(wordsMax) {
            // "j'aimerais", "c'è": the article counts for itself.
            for part in word.split(separator: "'") where word.contains("'") || CommonWords.all.contains(word) == false {
                let part = String(part)
                // Letters are spelled in any language.
                guard part.count > 1 || word.contains("'") else { continue }
                count += 1
                if let languages = small[part] {
                    for language in languages { scores[language, default: 0] += 1 / Double(languages.count) }
                } else if let language = byLetter(part) {
                    scores[language, default: 0] += 0.75
                }
            }
            guard CommonWords.all.contains(word), !word.contains("'") else { continue }
            count += 1
            let languages = small[word] ?? []
            for language in languages { scores[language, default: 0] += 1 / Double(languages.count) }
            if !languages.contains("en") { understood += languages.isEmpty ? 1 : 0.5 }
        }
        for known in ["en", "es", "de"] { understood = max(understood, scores.removeValue(forKey: known) ?? 0) }
        let ranked = scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        guard let best = ranked.first, best.value >= scoreMin, best.value >= count * shareMin,
            best.value > 1.5 * understood, best.value > (ranked.dropFirst().first?.value ?? 0)
        else { return nil }
        return best.key
    }

    /// Its name in English.
    package static func name(of language: String) -> String { names[language] ?? language }

    private static let wordsMax = 200
    private static let scoreMin = 1.3
    private static let shareMin = 0.3

    // MARK: - By letters

    private static func byScript(_ text: String) -> String? {
        var counts: [String: Int] = [:]
        var letters = 0
        for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
            letters += 1
            if let script = script(scalar.value) { counts[script, default: 0] += 1 }
        }
        if let kana = counts["ja"], kana > 0, let han = counts["zh"] {
            (counts["ja"], counts["zh"]) = (kana + han, nil)
        }
        guard let (script, count) = counts.max(by: { $0.value < $1.value }), count > 1, count * 2 > letters else {
            return nil
        }
        return variants.first { $0.of == script && text.unicodeScalars.contains(where: $0.letters.contains) }?.language
            ?? script
    }

    private static func script(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0x0370...0x03FF, 0x1F00...0x1FFF: "el"
        case 0x0400...0x052F: "ru"
        case 0x0530...0x058F: "hy"
        case 0x0590...0x05FF: "he"
        case 0x0600...0x06FF, 0x0750...0x077F: "ar"
        case 0x0900...0x097F: "hi"
        case 0x0980...0x09FF: "bn"
        case 0x0A00...0x0A7F: "pa"
        case 0x0A80...0x0AFF: "gu"
        case 0x0B80...0x0BFF: "ta"
        case 0x0C00...0x0C7F: "te"
        case 0x0E00...0x0E7F: "th"
        case 0x10A0...0x10FF: "ka"
        case 0x1100...0x11FF, 0xAC00...0xD7AF: "ko"
        case 0x3040...0x30FF: "ja"
        case 0x3400...0x4DBF, 0x4E00...0x9FFF: "zh"
        default: nil
        }
    }

    /// Languages of a script that have letters of their own.
    private static let variants: [(of: String, language: String, letters: Set<Unicode.Scalar>)] = [
        ("ru", "uk", ["і", "ї", "є", "ґ", "І", "Ї", "Є"]), ("ar", "ur", ["ٹ", "ڈ", "ڑ", "ے", "ں"]),
        ("ar", "fa", ["پ", "چ", "گ", "ژ", "ی", "ک"]),
    ]

    /// Letters that only one of the languages here writes.
    private static func byLetter(_ word: String) -> String? {
        guard !word.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return letters.first { _, letters in word.contains(where: letters.contains) }?.0
    }

    private static let letters: [(String, Set<Character>)] = [
        ("pl", ["ł", "ę", "ą", "ś", "ż", "ź", "ć", "ń"]), ("tr", ["ğ", "ş", "ı"]), ("cs", ["ř", "ě", "ů", "ť", "ď"]),
        ("pt", ["ã", "õ"]), ("hu", ["ő", "ű"]), ("ro", ["ț", "ș", "ă", "ţ"]),
        (
            "vi",
            [
                "đ", "ư", "ơ", "ạ", "ả", "ấ", "ầ", "ẩ", "ậ", "ế", "ề", "ể", "ệ", "ọ", "ố", "ồ", "ộ", "ớ", "ờ", "ợ", "ụ",
                "ủ", "ứ", "ừ", "ự", "ị",
            ]
        ),
        ("fr", ["œ", "ê", "ç", "â", "î", "û", "à"]), ("it", ["ò", "ì", "ù"]), ("sv", ["å"]),
    ]

    // MARK: - By small words

    private static let names = [
        "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "tr": "Turkish",
        "hi": "Hindi", "sv": "Swedish",
        "da": "Danish", "no": "Norwegian", "fi": "Finnish", "cs": "Czech", "ro": "Romanian", "hu": "Hungarian",
        "vi": "Vietnamese",
        "id": "Indonesian", "tl": "Tagalog", "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic",
        "he": "Hebrew", "fa": "Persian",
        "ur": "Urdu", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "bn": "Bengali", "pa": "Punjabi",
        "gu": "Gujarati", "ta": "Tamil",
        "te": "Telugu", "th": "Thai", "hy": "Armenian", "ka": "Georgian", "sw": "Swahili",
    ]

    /// The languages a small word belongs to.
    private static let small: [String: [String]] = {
        var words: [String: [String]] = [:]
        for (language, text) in texts {
            for word in Set(text.split(whereSeparator: \.isWhitespace)) {
                words[String(word), default: []].append(language)
            }
        }
        return words
    }()

    /// What telephone talk is made of, by language; those that are understood stand here to be told apart.
    private static let texts: [(String, String)] = [
        ("en", "i is are am my we you it the this that have do not can would"),
        (
            "es",
            """
            el la los las un una unos de del en y o que no si sí es son está están estoy yo me mi mis tu su sus se le lo nos con por para pero como
            cuando donde qué quién cuánto cuesta quiero quería necesito tengo tiene tienen hay hola buenos buenas días tardes gracias favor usted
            ustedes hablo habla hablan español inglés más muy bien llamar llame precio precios información ahora mañana nada entiendo puede al lunes
            martes miércoles jueves viernes nuestra nuestro empresa tenemos queremos estamos mil dólares euros número
            """
        ),
        (
            "de",
            """
            der die das ein eine einen und oder ich du er sie wir ihr ist sind bin war nicht kein keine mein meine ihre ihr mit von zu für auf im am
            an bei nach aus wie was wann wo wer wenn aber auch noch nur schon sehr bitte danke guten tag morgen abend hallo haben habe hat können
            kann möchte hätte gern will brauche brauchen gibt uhr spricht sprechen deutsch englisch mehr dass sich mich mir uns es den dem des als um
            wieder wiederholen angebot rufen anrufen firma euro tausend
            """
        ),
        (
            "fr",
            """
            le la les un une des du de et ou où est sont suis es je tu il elle on nous vous ils elles mon ma mes votre vos notre nos ce cette ces ça
            cela c j l d qu n m s ne pas plus non oui avec pour par sur dans en au aux chez que qui quoi quand comment combien pourquoi bonjour bonsoir salut
            merci beaucoup excusez pardon désolé désolée voudrais veux aimerait aimerais pouvez peux peut avez avons ai ont parle parlez parler
            français anglais renseignements renseignement information informations prix produits produit services rappeler rappelez demain matin
            janvier lundi mardi mercredi jeudi vendredi semaine quelqu quelqu'un personne bien très euh moi lui si coûte commencer besoin
            entreprise société être avoir faire comprends entends savoir intéresse même aussi alors donc mais vie téléphone appeler appelle
            """
        ),
        (
            "it",
            """
            il lo la gli i le un uno una di del della dei delle da dal in nel nella con su per tra fra e o ma se che chi non sono è sei siamo ho hai
            ha abbiamo hanno mi ti ci vi si mio mia nostro nostra vostro vostra questo questa quello come quando dove quanto perché buongiorno
            buonasera ciao grazie prego scusi scusa vorrei voglio vuole può posso potete puoi sapere capisco parla parlate parlo italiano inglese
            qualcuno più molto bene anche poi adesso ora domani tardi mattina bisogno soluzione servizio costa prezzo informazioni richiamare
            chiamare ristorante azienda c l d dell nell lunedì martedì mercoledì giovedì venerdì settimana cosa fare
            """
        ),
        (
            "pt",
            """
            o a os as um uma uns de do da dos das em no na nos nas com por para e ou mas se que quem não sim é são sou está estou estão eu você vocês
            ele ela nós a gente meu minha nosso nossa seu sua isso este esta como quando onde quanto bom boa dia tarde noite obrigado obrigada
            olá oi gostaria queria quero preciso precisa precisamos tem tenho temos fala falo falar alguém português inglês saber preço
            preços informação informações ligar me amanhã manhã mais muito bem ajuda pode posso telefone custa também agora empresa desculpe
            favor entendo serviço padaria hoje segunda terça quarta quinta sexta semana
            """
        ),
        (
            "nl",
            """
            de het een en of ik jij je u hij zij wij we jullie is zijn ben was niet geen mijn uw ons onze met van te voor op in bij naar uit hoe wat
            wanneer waar wie als maar ook nog al zeer heel alstublieft dank bedankt goedemiddag goedemorgen goedenavond goedendag hallo dag hebben heb heeft kan kunt
            kunnen wil willen graag meer informatie spreekt spreek er iemand nederlands engels zoeken nieuwe nodig prijs kost kosten terugbellen
            bellen morgen wat deze dit dat dan om over voor aan moet gaan mij weten
            """
        ),
        (
            "pl",
            """
            nie tak jest są jestem i w z na do od po za o u się że to ten ta co kto jak kiedy gdzie ile dlaczego dzień dobry cześć witam proszę dziękuję przepraszam
            chciałbym chciałabym chcę potrzebuję potrzebujemy mam mamy macie ma czy ja ty my wy pan pani państwo mój moja nasz nasza mówię mówi mówić polsku angielsku
            ktoś kosztuje cena cenę więcej informacji zadzwonić jutro rano teraz bardzo dobrze może mogę firma firmy dowiedzieć rozumiem tego dla przez
            """
        ),
        (
            "tr",
            """
            merhaba selam günaydın iyi günler teşekkür teşekkürler ederim lütfen evet hayır ben sen biz siz bu şu bir ve veya için ile ama da de mi mı mu mü
            misiniz mısınız var yok ne nasıl kim nerede kadar istiyorum istiyoruz almak bilgi fiyat fiyatlar fiyatlarınız hakkında yarın bugün tekrar
            beni bana arayabilir konuşan konuşuyor türkçe ingilizce bilmiyorum anlamıyorum çok şirket ihtiyacım ihtiyacımız olan daha sonra
            """
        ),
        (
            "hi",
            """
            namaste namaskar mujhe mujhko mera meri mere hum humein hamein hamara hamari aap aapka aapke aapki tum yeh ye woh wo kya kyun kaise kab kahan kaun kitna kitne kitni
            hai hain hoon hun tha thi nahi nahin haan ji ka ki ke ko se mein par aur ya bhi lekin agar baare baat kar karna karte karo karein sakte sakta sakti chahiye
            jaankari paisa kal abhi baad phir dhanyavaad shukriya theek thik accha achha koi hindi bol bolte samajh raha rahe rahi iske uske bahut
            """
        ),
        (
            "sv",
            "jag du han hon vi ni är var inte ingen min mitt vår ert med av till för på i om hur vad när vem och eller men också hej god dag tack snälla vill ha har kan skulle vilja veta mer någon pratar talar svenska engelska ett en det den ringa imorgon pris kostar behöver"
        ),
        (
            "da",
            "jeg du han hun vi I er var ikke ingen min mit vores med af til for på om hvordan hvad hvornår hvem og eller men også hej goddag tak venligst vil gerne have har kan vide mere nogen taler dansk engelsk et en det den ringe morgen pris koster"
        ),
        (
            "no",
            "jeg du han hun vi dere er var ikke ingen min mitt vår med av til for på om hvordan hva når hvem og eller men også hei god dag takk vær vil gjerne ha har kan vite mer noen snakker norsk engelsk et en det den ringe morgen pris koster trenger"
        ),
        (
            "fi",
            "minä sinä hän me te he on ovat olen ei en että ja tai mutta hei moi päivää huomenta kiitos anteeksi haluan haluaisin tarvitsen tarvitsemme meillä minulla onko joku puhuu puhu suomea englantia paljonko maksaa hinta lisää tietoa soittaa huomenna mitä missä milloin"
        ),
        (
            "cs",
            "dobrý den ahoj děkuji prosím ano ne já ty my vy je jsou jsem jsme není a nebo ale že to ten ta co kdo jak kdy kde kolik proč chtěl chtěla bych chci potřebuji potřebujeme mám máme někdo mluví mluvíte česky anglicky tam stojí cena více informací zavolat zavolejte zítra nerozumím"
        ),
        (
            "ro",
            "bună ziua salut mulțumesc vă rog da nu eu tu noi voi este sunt sunteți suntem am are avem aveți și sau dar că ce cine cum când unde cât costă aș vrea vreau doresc nevoie cineva vorbește vorbesc română engleză informații preț suna mâine pentru despre"
        ),
        (
            "hu",
            "jó napot szia köszönöm kérem igen nem én te mi ti van vannak vagyok és vagy de hogy ez az ki mit mikor hol mennyi mennyibe kerül szeretnék szeretném kell nekünk valaki beszél magyarul angolul információt ár hívjon vissza holnap"
        ),
        (
            "vi",
            "xin chào cảm ơn tôi bạn anh chị em chúng là có không và hoặc nhưng của cho với này đó gì ai khi nào ở đâu bao nhiêu giá muốn cần hỏi biết nói tiếng việt thông tin về gọi lại ngày mai"
        ),
        (
            "id",
            "selamat pagi siang sore malam terima kasih tolong ya tidak saya anda kami kita dia ini itu dan atau tapi yang di ke dari untuk dengan apa siapa kapan mana berapa harga ingin mau butuh ada bisa bicara bahasa inggris informasi tentang telepon besok halo"
        ),
        (
            "tl",
            "kumusta salamat po opo hindi ako ikaw siya kami tayo kayo sila ang ng mga sa na at o pero kung ano sino kailan saan magkano gusto kailangan may meron wala pwede marunong tagalog ingles tawagan bukas ito iyan ko mo namin"
        ),
        (
            "sw",
            "habari asante tafadhali ndiyo hapana mimi wewe yeye sisi ninyi ni na au lakini kwa ya wa nini nani lini wapi bei gani nataka tunahitaji naweza kuzungumza kiswahili kiingereza habari kuhusu kesho sijui"
        ),
        (
            "el",
            "kalimera kalispera efharisto parakalo ne ohi ego eimai thelo milate ellinika agglika"
        ),
        (
            "ru",
            "zdravstvuyte privet spasibo pozhaluysta da net ya vy my hochu nuzhno govorite russki angliyski skolko stoit"
        ),
        ("ar", "marhaba salam alaikum shukran min fadlak naam la ana urid arabi ingilizi kam"),
    ]
}
