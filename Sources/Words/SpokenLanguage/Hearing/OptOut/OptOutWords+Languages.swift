/// The wish to be left alone in other languages, as data: what says so, and what makes it another's.
///
/// Words are compared without accents. To add a language: its phrases by channel, and what spoils them.
extension OptOutWords {
    struct Language: Sendable {
        let wishes: [(channels: Set<OptOut.Channel>, phrases: PhraseList)]
        /// With these it is said of somebody else.
        let spoilers: PhraseList
    }

    static let languages = [german, spanish]

    private static let german = Language(
        wishes: [
            (
                all,
                Phrase.list(
                    "ruf|rufe|rufen|ruft ~ nicht|nie|niemals|keinesfalls mehr|wieder|langer|noch|nochmal|nochmals ~ an",
                    "streich|streichen|losch|losche|loschen|entferne|entfernen|tilgen|vergessen|vernichten ~ meine|unsere|diese|meinen|unseren ~ nummer|telefonnummer|daten|rufnummer|handynummer|namen|kontakt|kontaktdaten|eintrag",
                    "nehmen|nimm|streichen|streich|loschen|losch|entfernen|entferne|werfen|tragen ~ mich|uns|meine|unsere|meinen ~ aus|von ~ liste|listen|verteiler|kartei|datenbank|system|datei|anrufliste|adressbuch|kundenliste|telefonliste",
                    "mich|uns|meine|unsere ~ aus|von ~ liste|listen|verteiler|kartei|datenbank|system|datei|anrufliste|adressbuch|kundenliste|telefonliste ~ nehmen|streichen|loschen|entfernen|austragen|raus",
                    "losch|losche|loschen|vernichten ~ alles ~ uber mich|uns",
                    "unterlassen|unterlasst|unterlass ~ das|die|ihre anrufen|anrufe|telefonieren",
                    "keine|nicht ~ erlaubnis|einwilligung|recht|zustimmung ~ mich|uns anzurufen|kontaktieren|anrufen",
                    "diese|meine|unsere nummer ?bitte ?sofort sperren",
                    "horen|hor|hort ~ auf ~ anzurufen|anrufen|anrufe|belastigen|anrufen|telefonieren",
                    "aufhoren ~ anzurufen|belastigen",
                    "keine|keinerlei|nie ?weiteren|weitere|wieder ?mehr anrufe|telefonanrufe|werbeanrufe ~ mehr|wunschen|erwunscht|erhalten|haben",
                    "anrufe|telefonanrufe ~ unerwunscht|verboten|untersagt",
                    "auf keinen fall ?noch ?einmal|mehr|wieder ~ an|anrufen",
                    "ruf|rufen|ruft ?sie ?mich|uns|hier ?bitte nicht|nie|niemals mehr|wieder ?wieder|mehr|hier ?hier an",
                    "ruf|rufen|ruft ?sie mich|uns ?bitte nicht an $",
                    "ruf|rufen|ruft ?sie ?mich|uns diese|dieser|unter _ nicht|nie mehr|wieder an",
                    "nicht|nie|niemals mehr|wieder ?wieder ?hier anrufen|angerufen|anzurufen|kontaktieren|kontaktiert",
                    "nicht|nie|niemals mehr|wieder ?wieder belastigen|belastigt|storen|gestort|behelligen",
                    "hor|horen|hort ?sie ?bitte ?endlich|jetzt auf ?mich|uns ?standig|dauernd|hier anzurufen|damit",
                    "aufhoren ?mich|uns ?standig|dauernd anzurufen",
                    "^ ?bitte keine anrufe|werbeanrufe|telefonate|werbung ?mehr",
                    "will|mochte|wunsche|wunschen|wollen|mochten ?bitte ?von ?ihnen keine ?weiteren anrufe|werbeanrufe|werbung|telefonate",
                    "keine weiteren anrufe|kontakte|werbeanrufe|telefonate",
                    "streich|streichen|losch|loschen|nimm|nehmen|entfernen|tragen|werfen ?sie ?bitte mich|uns|meine|unsere|diese ~ ?ihrer liste|listen|kartei|verteiler|datenbank|system|systemen|kundenkartei|anrufliste|unterlagen",
                    "nimm|nehmen|streich|streichen ?sie mich|uns ?bitte ~ raus|runter|heraus",
                    "loschen|losch|vergessen|vergiss|streichen|entfernen ?sie ?bitte meine|unsere|diese nummer|telefonnummer|daten|rufnummer|handynummer",
                    "meine|unsere|diese nummer|telefonnummer|daten|rufnummer|handynummer ~ loschen|geloscht|streichen|entfernen",
                    "lass|lassen|lasst ?sie mich|uns ?bitte ?endlich|jetzt|doch ?in ruhe", "in ruhe gelassen werden",
                    "schluss mit ?den|diesen|ihren ?standigen anrufen", "tragen ?sie mich|uns ?bitte aus $",
                    "mich|uns ?bitte ?endlich|aus|von ?ihrer|der|ihrem|dem|eurer ~ liste|listen|kartei|verteiler|datenbank|system|anrufliste nehmen|loschen|streichen|entfernen|austragen",
                    "mich|uns ?bitte ?sofort aus|von ihrer|der|ihrem|dem|eurer liste|listen|kartei|verteiler|datenbank|system|anrufliste ?zu nehmen|loschen|streichen|entfernen|loschen",
                    "mochte|will|wurde ?gern ~ gestrichen|geloscht|entfernt werden",
                    "sollen|sollt|brauchen|durfen|mussen mich|uns|hier ?bitte nicht|nie mehr|wieder ?anrufen|kontaktieren",
                    "brauchen|mussen ?mich nicht mehr anzurufen|anrufen",

                    "melde|melden ?sie ?sich|dich ?bitte ?bei ?mir|uns nicht|nie mehr|wieder",
                    "kontaktieren|belastigen|storen|behelligen|kontaktiere ?sie mich|uns ?bitte nicht|nie ?mehr|wieder|langer|weiter ?mehr $",
                    "widerrufe|widerrufen|ziehe ?hiermit meine|unsere ~ einwilligung|zustimmung|erlaubnis|einverstandnis",
                    "verbitte mir ~ anrufe|werbung|anruf", "unterlassen sie ~ anrufe|werbung|anruf",
                    "nicht|nie|nichts mehr|wieder ?was|etwas von ihnen|euch ?horen",
                    "von ihnen|euch nicht|nie|nichts mehr|wieder ?was|etwas horen",
                    "will|mochte|wollen|mochten|wunsche nicht ?mehr ?von ?ihnen ?telefonisch angerufen|kontaktiert|belastigt|gestort werden",
                    "will|mochte|wollen|mochten|wunsche nicht dass sie|ihr|man mich|uns ?weiter|noch|mal|nochmal ?mal|einmal anrufen|kontaktieren|anruft",
                    "verzichten sie ?bitte ?kunftig auf ?weitere anrufe|werbung", "sehen sie von weiteren anrufen",
                    "bitte um|loschung loschung|meiner ?meiner daten|nummer|telefonnummer",
                    "untersage|verbiete ihnen ?hiermit ?mich ?weitere|jeden|diese ?anrufe|anzurufen",
                    "widerspreche ?hiermit der|weiteren|jeder ~ daten|anrufe|nutzung|werbung|kontaktaufnahme",
                    "keine|keinerlei ?weiteren|weitere kontaktaufnahme|kontaktaufnahmen ?mehr",
                    "raus|runter|weg aus|von ihrer|der|dieser liste|datenbank|kartei",
                    "von ihrer|der|dieser liste runter|weg|gestrichen",
                    "sperren ?sie ?bitte meine|diese|unsere nummer",
                    "stoppen|beenden|lassen ?sie ?bitte ?endlich die|diese|ihre ?standigen anrufe",
                    "nicht|nie noch|nochmal|wieder ?einmal|mal anrufen",
                    "setzen ?sie mich|uns ~ sperrliste|robinsonliste"
                )
            ),
            (
                [.texts],
                Phrase.list(
                    "keine ?weiteren ?sms|textnachrichten|whatsapps sms|textnachrichten|nachrichten|whatsapps mehr",
                    "schicken|senden|schreiben|schick|schreib ?sie mir|uns ?bitte keine ?weiteren sms|nachrichten|textnachrichten",
                    "horen ?sie auf mir ?standig sms|nachrichten|textnachrichten",
                    "^ keine sms|textnachrichten ?bitte $")
            ),
            (
                [.emails],
                Phrase.list(
                    "keine ?e mails|mail|emails|newsletter|werbemails mehr",
                    "schicken|senden|schreiben|schick|schreib ?sie mir|uns ?bitte keine ?weiteren ?e mails|emails|newsletter|werbemails",
                    "horen ?sie auf mir ?standig ?e mails|emails", "newsletter ~ abbestellen|abmelden|kundigen")
            ),
        ],
        spoilers: Phrase.list(
            "kunden|kunde|kundinnen|leute|patienten|mandanten|interessenten|klienten|mieter|gaste",
            "heute|morgen|vormittags|abends|nachts|sonntags|samstags|wochenende",
            "vor|nach|um|ab|bis _ ?uhr an|anrufen",
            "er|jemand|niemand|man ?hat|sagt|sagte|will|wollte ~ nicht",
            "ich|wir ?kann|will|mochte|werde|muss|konnen|wollen|werden ?sie|ihn|dort|da|euch|sie|die nicht|nie mehr|wieder anrufen",
            "bekommen|bekomme|kriegen|kriege|erhalten|haben|habe ?wir|ich keine anrufe",
            "keine anrufe mehr verpassen|verlieren|verpasst", "hat|haben gesagt ich|wir"))

    private static let spanish = Language(
        wishes: [
            (
                all,
                Phrase.list(
                    "ya no me|nos ?vuelvan|vuelva ?a llamen|llame|llames|marquen|marque|molesten|moleste|contacten|contacte|hablen|busquen|llamar|marcar|molestar",
                    "no quiero|queremos que me|nos esten|este|sigan|siga ?siempre llamando|molestando|marcando|contactando",
                    "borreme|borrenme|borrame|elimineme|eliminenme|eliminame|saqueme|saquenme|quiteme|quitenme|quitame ?por ?favor ?ya de ahi|aqui|ese|esa|sus|su|todo|todos",
                    "no vuelva|vuelvan|vuelvas a molestar|llamar|contactar a mi|nuestra|nuestro",
                    "dejen|deje|deja|dejad ?ya de fastidiar|joder|hinchar|chingar|incordiar|hostigar|jorobar|insistir|enviar ~ llamadas",
                    "dejen|deje|deja|dejad ?ya de fastidiarme|fastidiar|joder|incordiar|hostigar",
                    "no ?me ?nos llamen|llame ?por ?favor nunca|jamas",
                    "no|nunca|jamas ?quiero|queremos|deseo ?que ?ya ?me|nos ?vuelvan|vuelva|vuelvas|sigan|siga ?a llame|llamen|llames|llamar|llamarme|llamarnos|contacte|contacten|contactar|contactarme|moleste|molesten|molestar|molestarme|marque|marquen|telefoneen|telefonee mas|nunca|jamas|otra|nuevamente",
                    "deje|dejen|deja|dejad|dejes|pare|paren|cesar|cese|cesen|terminen|basta ?ya de ?estar llamar|llamarme|llamarnos|llamando|molestar|molestarme|molestando|contactar|contactarme|marcar|marcarme|insistir|acosarme|hacerme",
                    "quite|quiten|borre|borren|elimine|eliminen|saque|saquen|olvide|olviden|retire|retiren|quitar|borrar|eliminar ~ mi|nuestro|este|mis|nuestros ~ numero|telefono|datos|nombre|informacion|contacto",
                    "quiteme|quitenme|quitame|borreme|borrenme|borrame|elimineme|eliminenme|eliminame|saqueme|saquenme|quitenos|borrenos|saquenos|quitarme|borrarme|sacarme|eliminarme|retireme|retirenme ~ lista|listas|base|sistema|registro|registros|agenda|datos|contactos",
                    "borreme|borrenme|borrame|elimineme|eliminenme|saqueme|saquenme ?por ?favor ?ya $",
                    "me|nos quiten|quite|borren|borre|saquen|saque|eliminen|elimine|retiren ~ lista|listas|base|sistema|registro|registros|agenda",
                    "no llame|llamen|llames ~ este|esta|mi|mas|nunca ~ numero|casa|mas|nunca",
                    "no ?quiero|deseo ?ninguna|mas|recibir ?mas llamadas|llamada ~ de ustedes|su|usted",
                    "no me interesa no ~ llame|llamen",
                    "no me|nos llame|llamen|llames|llamaran|llamara|contacte|contacten|moleste|molesten|busquen|marque|marquen mas|nunca|jamas|otra|de",
                    "que no me|nos llamaran|llamara|contactaran|molestaran|volvieran",
                    "que no me|nos llamen|llame|contacten|molesten $",
                    "no me|nos llame|llamen|llames|contacte|contacten|moleste|molesten ?por ?favor $",
                    "no me|nos vuelva|vuelvan|vuelvas a llamar|contactar|molestar|marcar|escribir|buscar|hablar",
                    "no vuelva|vuelvan|vuelvas ?nunca ?mas a llamarme|llamar|contactarme|molestarme|marcar|llamarnos|marcarme|contactarnos|hablarme",
                    "deje|dejen|deja|dejad|parar|paren|pare ?ya de llamarme|llamar|molestarme|molestar|contactarme|llamarnos|marcarme|hostigarme|acosarme|molestarnos|insistir",
                    "no quiero|queremos|deseo|deseamos|quisiera que ?ustedes|usted me|nos ?sigan|vuelvan|sigan ?a ?mas llamen|llame|llamar|contacten|contacte|molesten|llamando|contactar ?mas|nunca|$",
                    "no quiero|queremos|deseo|deseamos ?recibir|mas|tener ?mas|ninguna llamadas|llamada|publicidad|propaganda|comunicaciones",
                    "no quiero|queremos|deseo ser contactado|contactada|llamado|llamada|molestado|molestada",
                    "no mas llamadas", "ni una llamada mas", "nunca mas me|nos llame|llamen|vuelvan|contacten",
                    "quiteme|borreme|eliminemela|elimineme|saqueme|quitenme|borrenme|eliminenme|saquenme|quitame|borrame|eliminame|quitenos|borrenos|saquenos|deme ~ ?la|su ?lista|de lista|listas|base|sistema|registro|registros|agenda|datos",
                    "que me|nos quiten|borren|saquen|eliminen|quite|borre|saque|elimine de ~ lista|listas|base|sistema|registro|registros",
                    "borre|borren|elimine|eliminen|olvide|olviden|olvidese|quite|quiten|borra|borrar ?por ?favor ?de mi|nuestro|este|mis numero|datos|telefono",
                    "dejeme|dejenme|dejame|dejenos|dejennos ?ya|de ?por ?favor ?en en paz",
                    "dejeme|dejenme|dejame|dejenos ?ya en paz",
                    "no llame|llamen|llames ?aqui ?nunca mas|nunca|jamas", "no llamen|llame mas|aqui $",
                    "quite|quiten|borre|borren|saque|saquen|elimine|eliminen mi|nuestro nombre ~ lista|listas|base|sistema|registros",
                    "que me|nos quitaran|borraran|sacaran|eliminaran ~ lista|listas|base|sistema",
                    "dejaran|dejara|dejaron de llamarme|molestarme|llamar|contactarme",
                    "no llamarme|contactarme|molestarme ?nunca mas", "no llamaran|llamara|llamasen mas|nunca",
                    "lista de no llamar|llamadas",
                    "basta|ya de|con ?las|estas|tantas llamadas|llamar",
                    "prefiero|preferiria que no me|nos llame|llamen|llamaran|llamara",
                    "no ?me gustaria|quisiera ?que ?no que me|nos vuelvan|volvieran ?a llamar",
                    "no me|nos hable|hablen|marque|marquen ya|mas|nunca", "no insista|insistan ?mas $",
                    "no siga|sigan llamando|insistiendo|molestando|llamandome",
                    "deje|dejen|deja de estar llamando|molestando|llamandome",
                    "de|dar|darme|deme|denme|demos|den de baja ?mi $",
                    "darme|deme|den|dar de baja mi|este|de ?su ?la ?numero",
                    "prohibo|prohibimos que ?me ?nos llamen|contacten|llame",
                    "no autorizo|autorizamos que|a ?me ?que ?nos llamen|llamar|llamarme|contacten",
                    "no ?les ?le doy|he|tienen|tiene ?dado ?mi permiso|autorizacion|consentimiento para|de llamar|llamarme|contactarme",
                    "quitarme|sacarme|borrarme|eliminarme|quitarnos|borrarnos de la|su|esa|esta lista|listas|base|sistema|registros",
                    "lista robinson",
                    "preferiria|prefiero no recibir ?mas llamadas", "no quisiera|quisieramos recibir mas llamadas",
                    "retiro|revoco|cancelo|retirar|revocar mi|nuestro consentimiento|autorizacion|permiso",
                    "no quiero|queremos ?volver ?a saber|oir|volver ?nada ?mas ?a ?saber ?nada de ustedes|usted|vosotros"
                )
            ),
            (
                [.texts],
                Phrase.list(
                    "no me|nos mande|manden|envie|envien|mandes|escriba|escriban mas|ningun ?ningun mensajes|mensaje|sms|textos|whatsapps",
                    "deje|dejen|deja de mandarme|enviarme|mandarnos|enviarnos|mandar|enviar ?me ?mas|tantos mensajes|sms|textos|whatsapps",
                    "no quiero|deseo ?recibir mas mensajes|sms|textos|whatsapps", "no mas mensajes|sms|textos",
                    "no me mande|manden|envie|envien mensajes|sms|textos")
            ),
            (
                [.emails],
                Phrase.list(
                    "no me|nos mande|manden|envie|envien|mandes mas|ningun ?ningun correos|correo|emails|email|mails",
                    "deje|dejen|deja de mandarme|enviarme|mandarnos|enviarnos|mandar|enviar ?me ?mas|tantos correos|correo|emails|mails",
                    "no quiero|deseo ?recibir mas correos|emails|mails", "no mas correos|emails",
                    "no me mande|manden|envie|envien correos|correo|emails")
            ),
        ],
        spoilers: Phrase.list(
            "clientes|cliente|pacientes|gente|ellos|inquilinos|usuarios|jefe|ella|el dice|esposa",
            "si no me|nos llaman|llama|llamas", "antes|despues de ?las", "hoy|manana|todavia|aun",
            "por la noche|manana|tarde", "no quiero|queremos|deseo|quiere perder|dejar|parar",
            "no deje|dejen|dejes|pare|paren de"))
}
