/// What machines say, by language, in the notation of `Phrase`. What outweighs wins: 5 and 4 are what nobody but such a machine says, 3 and
/// 2 what people say as well.
extension AnsweringCues {
    static let languages: [String: [(kind: Answerer, weight: Int, patterns: [String])]] = [
        "en": english, "es": spanish, "fr": french, "de": german, "it": italian,
    ]

    private static let english: [(kind: Answerer, weight: Int, patterns: [String])] = [
        (
            .network, 5,
            [
                "number you have|are dialed|dialled|called|reached|dialing|calling ~ not|disconnected|changed|invalid",
                "number you dialed|dialled|called ~ not|disconnected|changed|invalid", "is not in service",
                "no longer in service", "has been disconnected", "cannot be completed", "can not be completed",
                "circuits are ?all|currently busy", "circuits are ~ busy",
                "check the number and dial|call|try", "is not accepting calls", "the subscriber|customer you",
                "outside ?of ?the coverage|service area",
            ]
        ),
        (
            .screening, 5,
            [
                "say|state|record|give your|the name and ?the|your|why|what|reason", "say|state|record your name",
                "your name after|at the tone|beep", "at the tone ?please say|record|state your name",
                "reason for your|the|calling call", "reason for calling", "call screening|assist",
                "screening service|assistant", "is ~ screening calls", "see if this person|they is|are available",
                "name and why you are calling", "enter your ~ phone|telephone number",
            ]
        ),
        (
            .machine, 4,
            [
                "i am|i ~ virtual|digital|automated|ai|artificial assistant|agent|receptionist|attendant",
                "this is ~ virtual|digital|automated|ai|artificial assistant|agent|receptionist|attendant|service|system",
                "you are speaking|talking with|to ~ virtual|digital|automated|ai|artificial", "i am an|a ai|bot|robot",
            ]
        ),
        (
            .menu, 4,
            [
                "press|dial|push one|two|three|four|five|six|seven|eight|nine|zero|star|1|2|3|4|5|6|7|8|9|0",
                "for ~ press|dial|push", "main menu", "following options|menu", "menu options|has have changed",
                "know your party is|s extension", "enter|dial the|your|an extension",
                "extension ~ followed by ~ pound|hash", "to speak to|with ~ press", "listen ~ options",
                "use your keypad|touch", "spell the name|first|last", "first three letters",
            ]
        ),
        (
            .voicemail, 4,
            [
                "after|at the tone|beep|signal", "when ~ done|finished|recording ~ hang up", "voicemail of|for|box",
                "mailbox ~ full", "record your message", "person|party at extension",
                "forwarded|transferred to ~ voice|voicemail|automated",
            ]
        ),
        (
            .voicemail, 2,
            [
                "leave|record ~ message|name|number", "voice mail|mailbox|message|messaging", "voicemail", "mailbox",
                "you have reached|called", "not available ?to|right|at", "is unavailable|not available",
                "can not take|come|answer ~ call|phone|telephone", "not able|unable to take|answer|come",
                "nobody|noone|one is available", "get back to you", "return your call", "will call you back",
                "call you ?back as soon as", "missed your call", "is on the phone",
                "away from ?my|our ?the desk|phone",
            ]
        ),
    ]

    private static let spanish: [(kind: Answerer, weight: Int, patterns: [String])] = [
        (
            .network, 5,
            [
                "numero ~ no existe|corresponde", "no se encuentra en servicio", "no esta en servicio",
                "fuera de servicio|cobertura", "lineas estan ocupadas", "numero que ~ marcado|marco",
                "no puede completarse",
            ]
        ),
        (.screening, 5, ["diga su nombre", "grabe su nombre", "su nombre y ~ motivo", "motivo de su|la llamada"]),
        (
            .machine, 4,
            ["soy|habla|es ~ asistente|agente virtual|digital|automatico", "soy ~ inteligencia artificial"]
        ),
        (
            .menu, 4,
            [
                "marque|oprima|presione|pulse ?el ?la uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|cero|1|2|3|4|5|6|7|8|9|0",
                "menu principal", "siguientes opciones", "marque ~ extension", "para ~ marque|oprima|presione|pulse",
            ]
        ),
        (
            .voicemail, 4,
            [
                "despues de|del ?la ?el tono|senal|bip", "buzon ~ lleno|voz", "al escuchar|oir el|la tono|senal",
            ]
        ),
        (
            .voicemail, 2,
            [
                "deje|dejar|dejenos|dejeme|grabe ?un ?su ?el mensaje", "correo|mensaje de voz", "contestador",
                "no esta|estoy|estamos disponible|disponibles", "no puedo|podemos|puede atender|contestar",
                "se ha comunicado|usted con", "devolver* ~ llamada", "no se encuentra",
            ]
        ),
    ]

    private static let french: [(kind: Answerer, weight: Int, patterns: [String])] = [
        (
            .network, 5,
            [
                "n'est pas en service", "n'est pas attribue", "n'est plus attribue|en", "numero que vous avez compose",
                "ne peut aboutir", "lignes ~ occupees",
            ]
        ),
        (.screening, 5, ["dites|enregistrez|indiquez ~ votre nom", "raison de votre appel", "motif de votre appel"]),
        (
            .machine, 4,
            [
                "je suis|c'est ~ assistant|assistante|agent virtuel|virtuelle|vocal|vocale",
                "je suis ~ intelligence artificielle",
            ]
        ),
        (
            .menu, 4,
            [
                "appuyez|tapez|faites ?sur ?le un|deux|trois|quatre|cinq|six|sept|huit|neuf|zero|1|2|3|4|5|6|7|8|9|0",
                "menu principal", "composez ~ poste", "options suivantes", "pour ~ appuyez|tapez",
            ]
        ),
        (
            .voicemail, 4,
            [
                "apres le bip|signal|timbre|tonalite", "boite vocale ~ pleine", "messagerie vocale de",
            ]
        ),
        (
            .voicemail, 2,
            [
                "laisser|laissez ~ message", "messagerie", "repondeur", "boite vocale",
                "vous etes ?bien ?sur chez|en|au|le|sur", "n'est pas disponible|libre",
                "ne suis|sommes pas disponible*",
                "ne peux|pouvons|peut pas vous|prendre|repondre", "rappeller* des|vous", "absent|absente|absents",
            ]
        ),
    ]

    private static let german: [(kind: Answerer, weight: Int, patterns: [String])] = [
        (
            .network, 5,
            [
                "kein anschluss unter", "ist nicht vergeben", "rufnummer ~ nicht|vergeben",
                "vorubergehend nicht erreichbar", "teilnehmer ~ nicht",
            ]
        ),
        (.screening, 5, ["sagen|nennen ~ ihren namen", "grund ihres|des anrufs"]),
        (
            .machine, 4,
            [
                "bin|ist|spricht ~ virtueller|virtuelle|virtuellen|digitaler|digitale|automatischer assistent|assistentin",
                "bin ~ kunstliche intelligenz", "bin|ist|spricht ~ sprachassistent|sprachassistentin|telefonassistent",
            ]
        ),
        (
            .menu, 4,
            [
                "drucken|wahlen sie ?die ?bitte eins|zwei|drei|vier|funf|sechs|sieben|acht|neun|null|1|2|3|4|5|6|7|8|9|0",
                "hauptmenu", "folgenden optionen", "fur ~ drucken|wahlen",
            ]
        ),
        (
            .voicemail, 4,
            [
                "nach dem ton|signalton|piepton|signal|pfeifton", "die mailbox von|des|ist", "sprechen sie ~ nach dem",
            ]
        ),
        (
            .voicemail, 2,
            [
                "hinterlassen ~ nachricht", "nachricht hinterlassen", "mailbox", "anrufbeantworter", "nicht erreichbar",
                "bin|sind ~ nicht zu", "nicht ans telefon", "rufe|rufen ~ zuruck", "nicht da",
                "nicht entgegennehmen", "sie sind verbunden mit",
            ]
        ),
    ]

    private static let italian: [(kind: Answerer, weight: Int, patterns: [String])] = [
        (
            .network, 5,
            [
                "numero ~ inesistente", "non e attivo|attiva", "linee ~ occupate", "numero selezionato",
                "cliente ~ non ~ raggiungibile",
            ]
        ),
        (.screening, 5, ["dica|dire|registri ~ suo|proprio nome", "motivo della chiamata"]),
        (
            .machine, 4,
            ["sono|e ~ assistente virtuale|digitale|vocale|automatico", "sono ~ intelligenza artificiale"]
        ),
        (
            .menu, 4,
            [
                "prema|premere|digiti|digitare ?il ?tasto uno|due|tre|quattro|cinque|sei|sette|otto|nove|zero|1|2|3|4|5|6|7|8|9|0",
                "menu principale", "per ~ prema|premere|digiti", "seguenti opzioni",
            ]
        ),
        (
            .voicemail, 4,
            [
                "dopo il segnale|tono|bip", "casella vocale ~ piena", "dopo il ~ segnale acustico",
            ]
        ),
        (
            .voicemail, 2,
            [
                "lasciare|lasci|lasciate|lascia ~ messaggio", "segreteria telefonica", "casella vocale",
                "non e|sono|siamo disponibile|disponibili|in|al", "non posso|possiamo|puo rispondere",
                "richiameremo|richiamero",
                "non disponibile",
            ]
        ),
    ]
}
