"""Where numbers are at home, typed in from the numbering plans: area codes by state and province, and which of them keep two times.

No library's tables: an area code whose exchanges, or whose overlay's, lie in two zones has both, whatever prefixes say.
"""
import collections

Place = collections.namedtuple("Place", "country law regions zones is_refused")
State = collections.namedtuple("State", "region zones")

ZONES = {
    "E": "America/New_York", "C": "America/Chicago", "M": "America/Denver", "P": "America/Los_Angeles", "Z": "America/Phoenix",
    "A": "America/Anchorage", "H": "Pacific/Honolulu", "R": "America/Puerto_Rico", "G": "Pacific/Guam", "S": "Pacific/Pago_Pago",
    "V": "America/Vancouver", "B": "America/Edmonton", "W": "America/Winnipeg", "T": "America/Toronto", "X": "America/Halifax",
    "N": "America/St_Johns", "K": "America/Regina",
}
# Zones, and the codes that have them.
UNITED_STATES = """
AL C 205 251 256 334 659 938
AK A 907
AZ Z 480 520 602 623; ZM 928
AR C 327 479 501 870
CA P 209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951
CO M 303 719 720 748 970 983
CT E 203 475 860 959
DE E 302
DC E 202 771
FL E 239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954; EC 850 448
GA E 229 404 470 478 678 706 762 770 912 943
HI H 808
ID MP 208 986
IL C 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872
IN E 260 317 463 765; EC 219 574 812 930
IA C 319 515 563 641 712
KS C 316 913; CM 620 785
KY E 502 859; EC 270 364 606
LA C 225 318 337 457 504 985
ME E 207
MD E 227 240 301 410 443 667
MA E 339 351 413 508 617 774 781 857 978
MI E 231 248 269 313 517 586 616 679 734 810 947 989; EC 906
MN C 218 320 507 612 651 763 924 952
MS C 228 471 601 662 769
MO C 235 314 417 557 573 636 660 816 975
MT M 406
NE C 402 531; CM 308
NV P 702 725; PM 775
NH E 603
NJ E 201 551 609 640 732 848 856 862 908 973
NM M 505 575
NY E 212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934
NC E 252 336 472 704 743 828 910 919 980 984
ND CM 701
OH E 216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
OK C 405 539 572 580 918
OR P 503 971; PM 541 458
PA E 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
RI E 401
SC E 803 821 839 843 854 864
SD CM 605
TN E 865; C 615 629 731 901 931; EC 423
TX C 210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979; M 915
UT M 385 435 801
VT E 802
VA E 276 434 540 571 686 703 757 804 826 948
WA P 206 253 360 425 509 564
WV E 304 681
WI C 262 274 353 414 534 608 715 920
WY M 307
PR R 787 939
VI R 340
GU G 671
MP G 670
AS S 684
"""
CANADA = """
AB B 368 403 587 780 825
BC V 604; VB 236 250 257 672 778
MB W 204 431 584
NB X 428 506
NL NX 709 879
NS X 782 902
ON T 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942; TW 807
QC T 263 354 438 450 468 514 579 819 873; TX 367 418 581
SK K 306 474 639
"""
REFUSED = {"800", "833", "844", "855", "866", "877", "888", "900", "500", "521", "522", "533", "544", "566", "577", "588", "600", "622"}
# By the digits behind the plus: country, law, zones; the longest that fits counts.
ABROAD = {
    "447": ("GB", "GB", ["Europe/London"]), "441": ("GB", "GB", ["Europe/London"]), "442": ("GB", "GB", ["Europe/London"]),
    "443": ("GB", "GB", ["Europe/London"]), "49": ("DE", "EU", ["Europe/Berlin"]), "33": ("FR", "EU", ["Europe/Paris"]),
    # Whoever has a mobile of Spain may live on the Canary Islands.
    "346": ("ES", "EU", ["Europe/Madrid", "Atlantic/Canary"]), "347": ("ES", "EU", ["Europe/Madrid", "Atlantic/Canary"]),
    "349": ("ES", "EU", ["Europe/Madrid"]), "34928": ("ES", "EU", ["Atlantic/Canary"]), "34922": ("ES", "EU", ["Atlantic/Canary"]),
    "31": ("NL", "EU", ["Europe/Amsterdam"]), "43": ("AT", "EU", ["Europe/Vienna"]), "48": ("PL", "EU", ["Europe/Warsaw"]),
    # And one of Portugal in Lisbon, on Madeira or on the Azores.
    "3519": ("PT", "EU", ["Europe/Lisbon", "Atlantic/Azores"]), "91": ("IN", "IN", ["Asia/Kolkata"]),
}
NAMES = {"FL": "Florida", "PA": "Pennsylvania", "CA": "California", "NY": "New York", "HI": "Hawaii", "ME": "Maine", "TX": "Texas",
         "RI": "Rhode Island", "AL": "Alabama", "UT": "Utah", "LA": "Louisiana", "WA": "Washington", "OK": "Oklahoma"}


def table(text, country):
    codes, states = {}, {}
    for line in text.strip().splitlines():
        state, rest = line.split(" ", 1)
        zones = set()
        for part in rest.split("; "):
            letters, *areas = part.split()
            names = [ZONES[letter] for letter in letters]
            zones |= set(names)
            for area in areas:
                codes[area] = Place(country, country, [f"{country}-{state}"], names, False)
        states[state] = State(f"{country}-{state}", sorted(zones))
    return codes, states


AREAS, STATES = table(UNITED_STATES, "US")
CANADIAN, PROVINCES = table(CANADA, "CA")
AREAS.update(CANADIAN)
# Nova Scotia shares its codes.
for shared in ("782", "902"):
    AREAS[shared] = AREAS[shared]._replace(regions=["CA-NS", "CA-PE"])
STATES.update(PROVINCES)


def of_number(number):
    """None where nobody knows."""
    digits = number.lstrip("+")
    if digits.startswith("1"):
        area = digits[1:4]
        return Place("", "", [], [], True) if area in REFUSED else AREAS.get(area)
    if digits.startswith(("4470", "449", "448")):
        return Place("", "", [], [], True)
    for length in range(5, 1, -1):
        if digits[:length] in ABROAD:
            country, law, zones = ABROAD[digits[:length]]
            return Place(country, law, [], zones, False)
    return None


def of_state(text):
    """`FL`, `Florida`; None of anything else."""
    if not text:
        return None
    return STATES.get(text) or next((STATES[code] for code, name in NAMES.items() if name == text), None)
