/// What Allison Smith says in the prompts of Asterisk's English set, as a recogniser would write it. The packages carry no texts, so
/// these are written down here, for those that are used, and there are none for the other languages.
enum PromptTexts {
    static let english: [String: String] = [
        "vm-theperson": "the person at extension", "vm-isunavail": "is unavailable", "vm-isonphone": "is on the phone",
        "vm-intro": "please leave your message after the tone when done hang up or press the pound key",
        "vm-nobodyavail": "nobody is available to take your call at the moment",
        "digits/1": "one", "digits/2": "two", "digits/3": "three", "digits/4": "four", "digits/5": "five",
        "digits/7": "seven", "digits/8": "eight", "digits/9": "nine", "digits/0": "zero",
        "basic-pbx-ivr-main":
            "thank you for calling if you know your party's extension you may dial it at any time otherwise press one for sales",
        "conf-usermenu": "please press one to mute or unmute yourself or press four to decrease the conference volume",
        "conf-adminmenu": "please press one to mute or unmute yourself press two to lock or unlock the conference",
        "conf-adminmenu-18": "press one to mute or unmute yourself press two to lock or unlock the conference",
        "conf-usermenu-162": "press one to mute or unmute yourself",
        "vm-opts": "press two to change folders press three for advanced options press zero for mailbox options",
        "vm-opts-full": "press one for new messages press two to change folders press three for advanced options",
        "vm-options":
            "press one to record your unavailable message press two to record your busy message press three to record your name",
        "vm-instructions": "to listen to your messages press one",
        "vm-advopts": "press one to send a reply press three to hear the message envelope",
        "vm-forwardoptions": "press one to prepend a message or two to forward the message without prepending",
        "vm-review":
            "press one to accept this recording press two to listen to it press three to rerecord your message",
        "vm-msginstruct": "to hear the next message press six to repeat this message press five",
        "screen-callee-options": "you have these options if you would like to answer the call press one",
        "priv-callee-options": "dial one if you wish this caller to reach you directly in the future",
        "dir-intro": "welcome to the directory please enter the first three letters of your party's last name",
        "dir-intro-fn": "welcome to the directory please enter the first three letters of your party's first name",
        "followme/options": "press one to accept this call or two to reject it",
        "privacy-prompt": "please enter your ten digit phone number starting with the area code",
        "priv-recordintro": "at the tone please say your name",
        "demo-congrats": "congratulations you have successfully installed and executed the asterisk open source p b x",
        "demo-abouttotry": "i am about to attempt to place a call to digium using the internet",
        "demo-echotest":
            "you are about to enter an echo test in this mode everything you say will be repeated back to you",
        "demo-instruct": "if you would like to connect to a demonstration system at digium press one",
        "demo-moreinfo": "asterisk is a fully featured open source p b x if you would like to know more",
        "tt-monkeysintro": "they have been carried away by monkeys",
        "ss-noservice": "the number you have dialed is not in service please check the number and try again",
        "cannot-complete-as-dialed": "your call cannot be completed as dialed",
        "check-number-dial-again": "please check the number and dial again",
        "all-circuits-busy-now": "all circuits are busy now",
        "please-try-call-later": "please try your call again later",
        "tt-allbusy":
            "all of our household representatives are currently assisting other telemarketers please hold",
        "number-not-answering": "is not answering",
    ]
}
