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
    "leader": N_("Leader"),
    "admin": N_("Administrator"),
    "worker": N_("External worker"),
}
