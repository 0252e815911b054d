"""The roles of the house: level-bound words that diagrams name, with their names for people."""

from engine.errors import N_

ROLES: dict[str, str] = {
    "grid_worker": N_("Grid worker"),
    "village_mediator": N_("Village mediation committee"),
    "town_mediator": N_("Town mediation committee"),
    "county_mediator": N_("County mediation supermarket"),
    "duty_officer": N_("Town centre, on duty"),
    "county_officer": N_("County centre"),
    "justice_officer": N_("Justice office"),
    "hazard_officer": N_("Town emergency and land office"),
    "police": N_("Police station"),
    "court": N_("Court"),
    "petition_officer": N_("Petition office"),
    "organ_officer": N_("Competent organ"),
    "review_officer": N_("Review organ"),
    "labour_officer": N_("Labour office"),
    "land_officer": N_("Land and forest office"),
    "protection_officer": N_("Civil affairs and women's federation"),
    "volunteer": N_("Volunteer"),
    "leader": N_("Leader"),
    "admin": N_("Administrator"),
    "worker": N_("External worker"),
}
