extension Vocabulary {
    /// The vocabulary that comes with the program: some 340 descriptions of what cameras at homes, yards and workplaces
    /// see. A model that has not learned all its words gets those that it knows.
    public static let builtin: Vocabulary = {
        do throws(InvalidVocabulary) {
            return try parse([builtinSurroundings, builtinPeople, builtinThings].joined(separator: "\n"))
        } catch {
            preconditionFailure("the built-in vocabulary: \(error.faults)")
        }
    }()

    /// What competes with things in a vocabulary that has no silent description of its own for them.
    static let nothing = Group(
        name: "nothing",
        isOne: false,
        descriptions: [
            "an empty scene",
            "an empty doorstep",
            "an empty porch",
            "an empty street",
            "an empty parking lot",
            "an empty room",
            "an empty garden",
            "an empty yard",
            "an empty warehouse",
            "an empty driveway",
            "an empty corridor",
            "an empty field",
            "an unoccupied desk",
            "a lawn with trees",
            "a wall with a window",
        ].map { Description(label: nil, phrasings: [$0]) }
    )

    /// Where it is, and how it looks there.
    private static let builtinSurroundings = """
        [place] one
        a doorstep = a doorstep | a porch | the front door of a house
        a street = a street | a road
        a parking lot = a parking lot | a car park
        a living room = a room | a living room
        a garden = a garden | a backyard | a garden with plants
        a warehouse = a warehouse | a warehouse aisle | a storeroom
        a driveway = a driveway in front of a garage
        a garage = the inside of a garage
        a bedroom
        a nursery = a nursery with a crib
        a kitchen
        a hallway = a hallway | a corridor
        a staircase = a staircase | stairs in a building
        an office = an office with desks
        a meeting room
        a shop = inside a shop | a store with shelves
        a workshop = a workshop with tools
        a factory = a factory hall with machines
        a server room = a server room with racks
        a basement
        an attic
        a balcony = a balcony with a railing
        a terrace = a terrace with chairs | a patio
        a roof = the roof of a building
        a swimming pool
        a playground = a playground for children
        a schoolyard
        a pavement = a pavement | a sidewalk
        a crossroads = a crossroads | an intersection with traffic lights
        a motorway = a motorway | a highway
        a bridge
        a railway station = a railway platform | train tracks
        a bus stop
        a petrol station
        a building site = a building site with cranes | a construction site
        a courtyard
        a square = a public square in a town
        a market
        a field = a field | farmland
        a meadow
        a forest = a forest | trees in a wood
        a path = a path in a park
        a stable = a stable | a barn with animals
        a chicken coop
        a beach
        a harbour = a harbour with boats
        a river = a river bank
        a lake
        a mountain = mountains
        a bird feeder = a bird feeder in a garden

        [light] one
        - by day | daylight | a scene in daylight
        evening = in the evening | at dusk | at sunset | a scene in the evening light
        night = at night | after dark | a scene at night
        dawn = at dawn with a pale sky | sunrise
        bright sunlight = bright sunlight with hard shadows
        glare = the sun shining into the lens | lens flare
        an infrared picture = a black and white infrared night vision picture

        [weather] one
        - clear weather | dry weather | in clear weather
        - an overcast sky without rain | a cloudy day
        - a sunny day
        rain = rain | it is raining | rainy weather | in the rain
        snow = snow | it is snowing | snowy weather | in the snow
        fog = fog | it is foggy | foggy weather | in thick fog
        a thunderstorm = lightning in a dark sky | a thunderstorm
        hail = hailstones on the ground
        strong wind = trees bending in a strong wind
        frost = frost on plants
        ice = an icy road
        a flood = a flooded street
        a rainbow = a rainbow in the sky

        [doors] one
        - the door is closed | a closed door
        - a street | a road
        - a garden | a yard
        an open door = the door is open | an open door | the front door is wide open
        an open window = an open window with curtains blowing
        an open gate = the gate is open | an open gate
        an open garage door = a garage with its door raised

        [lamps] one
        - the light is off | the porch light is off | the lights are off | the street lamps are off | the lamps are off
        - by day | daylight
        - a dark street | a dark doorstep | a dark room
        a light that is on = the light is on | the porch light is on | the lights are on | the street lamps are on
        headlights = headlights shining towards the camera
        a torch = somebody shining a torch | a flashlight beam
        a flashing light = flashing blue emergency lights
        """
}
